// What Kafka's own Java client reads in a second, decoding nothing. Run from its source: `java -cp JARS ConsumeAll.java BROKERS TOPIC`.
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.lang.management.ManagementFactory;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

public class ConsumeAll {
  public static void main(String[] args) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", args[0]);
    settings.put("isolation.level", "read_committed");
    settings.put("max.poll.records", "5000");
    settings.put("key.deserializer", ByteArrayDeserializer.class.getName());
    settings.put("value.deserializer", ByteArrayDeserializer.class.getName());
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(args[1]).stream().map(p -> new TopicPartition(p.topic(), p.partition())).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long startedNs = System.nanoTime();
      long rows = 0;
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        rows += consumer.poll(Duration.ofMillis(200)).count();
      }
      double wall = (System.nanoTime() - startedNs) / 1e9;
      var process = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      System.out.printf(java.util.Locale.ROOT, "{\"rows\":%d,\"wallSeconds\":%.3f,\"cpuSeconds\":%.3f}%n", rows, wall, process.getProcessCpuTime() / 1e9);
    }
  }
}
