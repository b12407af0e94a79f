/**
 * Stage of the rows of `ecom.dead-letter.v1` that are no dead letters but notes: the dead letter at their source coordinates was
 * sent again. Whoever counts dead letters leaves them out.
 */
export const REDRIVE_STAGE = 'redrive';
