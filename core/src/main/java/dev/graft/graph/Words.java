package dev.graft.graph;

import java.util.regex.Pattern;

/** How names stand in the text form: plain where they can, quoted elsewhere. */
final class Words {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Words() {}

    static String name(String name) {
        return PLAIN.matcher(name).matches() ? name : quoted(name);
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    /** Domain and operator, as in {@code ai.onnx.ml.Scaler}. */
    static String dotted(String domain, String operator) {
        if (domain.isEmpty()) {
            return name(operator);
        }
        boolean plain = PLAIN.matcher(domain.replace('.', '_')).matches();
        return (plain ? domain : quoted(domain)) + "." + name(operator);
    }

    static String real(double value, String shortest) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        String text = shortest.replace('E', 'e');
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text.replace(".0e", "e");
    }
}
