package shopstream.flink;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.flink.connector.kafka.sink.KafkaPartitioner;
import org.apache.flink.kafka.shaded.org.apache.kafka.common.utils.Utils;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.table.data.RowData;

/**
 * Places rows where the TypeScript stages place them: by their key, and those whose key is a JSON list by its first two elements,
 * tenant and id.
 */
public final class ContractPartitioner implements KafkaPartitioner<RowData> {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public int partition(RowData row, byte[] key, byte[] value, String topic, int[] partitions) {
    byte[] hashed = key.length > 0 && key[0] == '[' ? tenantAndId(key) : key;
    return partitions[Utils.toPositive(Utils.murmur2(hashed)) % partitions.length];
  }

  private static byte[] tenantAndId(byte[] key) {
    try {
      JsonNode list = JSON.readTree(new String(key, UTF_8));
      return (list.get(0).asText() + ":" + list.get(1).asText()).getBytes(UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the key is no JSON list: " + new String(key, UTF_8), e);
    }
  }
}
