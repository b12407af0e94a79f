package shopstream.flink;

import java.util.regex.Pattern;
import org.apache.flink.table.functions.ScalarFunction;

/** The contract's rule for ids: visible characters only, and at most as many UTF-16 units. SQL's lengths count code points. */
public final class IsId extends ScalarFunction {
  private static final long serialVersionUID = 1L;
  private static final Pattern VISIBLE = Pattern.compile("[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}]+");

  /** Null is no id, and no flaw either. */
  public Boolean eval(String id, Integer maxLength) {
    return id == null ? null : id.length() <= maxLength && VISIBLE.matcher(id).matches();
  }
}
