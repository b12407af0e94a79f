package shopstream.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/** A model as a job: the tables and its own file of SQL, with the settings put in. */
final class Model {
  private static final Pattern SET = Pattern.compile("SET\\s+'([^']+)'\\s*=\\s*'([^']+)'");

  private Model() {}

  static JobClient start(Path sqlDir, String model, Settings settings, StateFolder state) throws IOException {
    Configuration configuration = settings.configuration(state);
    TableEnvironment tables =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(configuration).build());
    Map<String, String> variables = settings.variables();
    List<String> statements = new ArrayList<>(statementsOf(sqlDir.resolve("tables.sql"), variables));
    statements.addAll(statementsOf(sqlDir.resolve(model + ".sql"), variables));
    Optional<JobClient> job = Optional.empty();
    for (String statement : statements) {
      Matcher set = SET.matcher(statement);
      if (set.matches()) tables.getConfig().set(set.group(1), set.group(2));
      else {
        Optional<JobClient> started = tables.executeSql(statement).getJobClient();
        if (started.isPresent()) job = started;
      }
    }
    return job.orElseThrow(() -> new IllegalArgumentException(model + ".sql starts no job"));
  }

  private static List<String> statementsOf(Path file, Map<String, String> variables) throws IOException {
    String text = Files.readString(file);
    for (Map.Entry<String, String> variable : variables.entrySet())
      text = text.replace("${" + variable.getKey() + "}", variable.getValue());
    return split(text);
  }

  /** At semicolons that end a line, outside of statement sets. Comments are whole lines. */
  private static List<String> split(String text) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    for (String line : text.split("\n")) {
      if (line.isBlank() || line.stripLeading().startsWith("--")) continue;
      statement.append(line).append('\n');
      boolean isSet = statement.indexOf("EXECUTE STATEMENT SET") == 0;
      if (!line.stripTrailing().endsWith(";") || (isSet && !line.strip().equals("END;"))) continue;
      statements.add(statement.substring(0, statement.lastIndexOf(";")));
      statement.setLength(0);
    }
    if (!statement.isEmpty()) throw new IllegalArgumentException("a statement does not end: " + statement);
    return statements;
  }
}
