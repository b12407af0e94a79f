package shopstream.flink;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.type.TypeReference;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * {@code Main SQL_DIR MODEL...} runs models live until SIGTERM, which stops them with a savepoint. {@code Main SQL_DIR --bounded
 * MODEL...} runs them up to the end that topics have now. {@code Main SQL_DIR --serve} runs what is asked for on stdin, one JSON
 * object a line with {@code model} and variables beside those of the environment, bounded, and answers each with one line.
 */
public final class Main {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STOP_TIMEOUT_SECONDS = 60;

  private Main() {}

  public static void main(String[] args) {
    try {
      run(Path.of(args[0]), new ArrayList<>(Arrays.asList(args).subList(1, args.length)));
      System.exit(0);
    } catch (Throwable e) {
      e.printStackTrace();
      // Threads of Flink would keep the process.
      System.exit(1);
    }
  }

  private static void run(Path sqlDir, List<String> args) throws Exception {
    if (args.remove("--serve")) serve(sqlDir);
    else if (args.remove("--bounded")) for (String model : args) runBounded(sqlDir, model, System.getenv());
    else runLive(sqlDir, args);
  }

  private static void runLive(Path sqlDir, List<String> models) throws Exception {
    List<JobClient> jobs = new ArrayList<>();
    List<StateFolder> states = new ArrayList<>();
    for (String model : models) {
      Settings settings = new Settings(System.getenv(), model, false);
      StateFolder state = new StateFolder(Path.of(settings.stateDir(), model));
      jobs.add(Model.start(sqlDir, model, settings, state));
      states.add(state);
      System.out.println(model + ": running");
    }
    if (jobs.isEmpty()) throw new IllegalArgumentException("no model is named");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAll(jobs, states)));
    // None ends by itself: the first that does takes the process with it, and who runs it starts it again.
    CompletableFuture.anyOf(jobs.stream().map(JobClient::getJobExecutionResult).toArray(CompletableFuture[]::new)).get();
  }

  private static void stopAll(List<JobClient> jobs, List<StateFolder> states) {
    for (int i = 0; i < jobs.size(); i += 1)
      try {
        jobs.get(i)
            .stopWithSavepoint(false, states.get(i).uri(), SavepointFormatType.NATIVE)
            .get(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      } catch (Exception e) {
        // The next start goes on at the last checkpoint.
        System.err.println("no savepoint: " + e);
      }
  }

  private static Map<String, Object> runBounded(Path sqlDir, String model, Map<String, String> env) throws Exception {
    long startedAt = System.nanoTime();
    long cpuBefore = cpuNanos();
    Model.start(sqlDir, model, new Settings(env, model, true), null).getJobExecutionResult().get();
    return Map.of(
        "wallSeconds", (System.nanoTime() - startedAt) / 1e9, "cpuSeconds", (cpuNanos() - cpuBefore) / 1e9);
  }

  private static void serve(Path sqlDir) throws Exception {
    PrintStream answers = System.out;
    // Nothing else may write where answers are read.
    System.setOut(System.err);
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      Map<String, String> variables = new HashMap<>(System.getenv());
      variables.putAll(JSON.readValue(line, new TypeReference<Map<String, String>>() {}));
      answers.println(JSON.writeValueAsString(answer(sqlDir, variables)));
    }
  }

  private static Map<String, Object> answer(Path sqlDir, Map<String, String> variables) {
    try {
      return runBounded(sqlDir, variables.get("model"), variables);
    } catch (Exception e) {
      e.printStackTrace();
      return Map.of("error", messages(e));
    }
  }

  private static String messages(Throwable error) {
    StringBuilder messages = new StringBuilder();
    for (Throwable at = error; at != null; at = at.getCause()) messages.append(at).append('\n');
    return messages.toString();
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }
}
