package shopstream.flink;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;

/** What the SQL's variables stand for, and how the job runs; from variables named as in the services' environment. */
final class Settings {
  /** Kafka's own bound for transactions; those of a job that is down for longer are lost. */
  private static final int TRANSACTION_TIMEOUT_MS = 900_000;

  private final Map<String, String> env;
  private final String model;
  final boolean bounded;

  Settings(Map<String, String> env, String model, boolean bounded) {
    this.env = env;
    this.model = model;
    this.bounded = bounded;
  }

  Map<String, String> variables() {
    String prefix = optional("KAFKA_TOPIC_PREFIX", "");
    String from = optional("INPUT_FROM", "beginning");
    Map<String, String> variables = new HashMap<>();
    variables.put("KAFKA_BROKERS", required("KAFKA_BROKERS"));
    variables.put("SCHEMA_REGISTRY_URL", required("SCHEMA_REGISTRY_URL"));
    variables.put("KAFKA_TOPIC_PREFIX", prefix);
    variables.put("INPUT_TOPIC_PREFIX", inputPrefix(prefix));
    variables.put("GROUP", prefix + "flink-" + model);
    variables.put("OUT_OF_ORDERNESS", interval("OUT_OF_ORDERNESS_MS", 30_000));
    variables.put("START_MODE", from.equals("beginning") ? "earliest-offset" : "specific-offsets");
    variables.put("START_OFFSETS", from.equals("beginning") ? "partition:0,offset:0" : toOffsets(from));
    variables.put("BOUNDED_MODE", bounded ? "latest-offset" : "unbounded");
    variables.put("DELIVERY_GUARANTEE", bounded ? "at-least-once" : "exactly-once");
    variables.put("TRANSACTION_TIMEOUT_MS", String.valueOf(TRANSACTION_TIMEOUT_MS));
    return variables;
  }

  /** A bounded run is not restarted after a failure, and so writes each row once; a live one goes on at its last checkpoint. */
  Configuration configuration(StateFolder state) {
    Configuration configuration = new Configuration();
    configuration.setString("pipeline.name", optional("KAFKA_TOPIC_PREFIX", "") + model);
    configuration.setString("parallelism.default", optional("FLINK_PARALLELISM", "1"));
    configuration.setString("table.local-time-zone", "UTC");
    configuration.setString("restart-strategy.type", bounded ? "none" : "exponential-delay");
    if (bounded) return configuration;
    configuration.setString("table.exec.source.idle-timeout", integer("IDLE_MS", 60_000) + " ms");
    configuration.setString("execution.checkpointing.interval", integer("CHECKPOINT_MS", 1_000) + " ms");
    configuration.setString("execution.checkpointing.mode", "EXACTLY_ONCE");
    configuration.setString("execution.checkpointing.dir", state.uri());
    configuration.setString("execution.checkpointing.savepoint-dir", state.uri());
    configuration.setString("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
    state.newest().ifPresent(path -> configuration.setString("execution.state-recovery.path", path));
    return configuration;
  }

  String stateDir() {
    return required("FLINK_STATE_DIR");
  }

  /** As in the services: `none` for topics without a prefix. */
  private String inputPrefix(String otherwise) {
    String prefix = optional("INPUT_TOPIC_PREFIX", otherwise);
    return prefix.equals("none") ? "" : prefix;
  }

  /** As a literal of days to milliseconds, the only form in which Flink takes all three of days, seconds and milliseconds. */
  private String interval(String name, int otherwise) {
    Duration duration = Duration.ofMillis(integer(name, otherwise));
    return String.format(
        "'%d %02d:%02d:%02d.%03d' DAY TO SECOND(3)",
        duration.toDays(),
        duration.toHoursPart(),
        duration.toMinutesPart(),
        duration.toSecondsPart(),
        duration.toMillisPart());
  }

  /** From `0:42,1:300`. */
  private static String toOffsets(String from) {
    if (!from.matches("\\d+:\\d+(,\\d+:\\d+)*"))
      throw new IllegalArgumentException("INPUT_FROM must be \"beginning\" or a list such as 0:42,1:300");
    return Stream.of(from.split(","))
        .map(position -> position.split(":"))
        .map(position -> "partition:" + position[0] + ",offset:" + position[1])
        .collect(Collectors.joining(";"));
  }

  private String required(String name) {
    String value = env.get(name);
    if (value == null || value.isEmpty()) throw new IllegalArgumentException(name + " is not set");
    return value;
  }

  private String optional(String name, String otherwise) {
    String value = env.get(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  private int integer(String name, int otherwise) {
    try {
      return Integer.parseInt(optional(name, String.valueOf(otherwise)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a whole number", e);
    }
  }
}
