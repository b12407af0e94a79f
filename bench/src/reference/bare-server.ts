// What express itself costs: a JSON body, a router, a fixed answer. As a process of its own: `node --import tsx bare-server.ts PORT`.
import express from 'express';

const accepted = { status: 'accepted', event_id: '0123456789abcdef' };
const list = {
  recommendations: Array.from({ length: 10 }, (_, index) => ({
    item_id: `item-${index}`,
    score: 1 / (index + 1),
    rank: index + 1,
    metadata: {
      title: `Article ${index}`,
      category: 'category',
      price: 9.5,
      currency: 'EUR',
      brand: 'brand',
    },
  })),
};

const app = express();
app.disable('etag').disable('x-powered-by');
app.use(express.json({ limit: '5mb' }));
const router = express.Router();
router.post(['/v1/events', '/v1/events\\:batch'], (_req, res) => void res.status(202).json(accepted));
router.get('/v1/recommendations', (_req, res) => void res.json(list));
app.use(router);
app.listen(Number(process.argv[2]), '127.0.0.1');
