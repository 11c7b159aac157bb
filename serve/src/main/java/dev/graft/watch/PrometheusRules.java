package dev.graft.watch;

import dev.graft.GraftException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The built-in rules as a file of alerting rules for Prometheus. */
public final class PrometheusRules {
    private PrometheusRules() {}

    /** The file. */
    public static String text() {
        try (var file = PrometheusRules.class.getResourceAsStream("prometheus-rules.yaml")) {
            if (file == null) {
                throw new GraftException("prometheus-rules.yaml is missing from Graft's own jar; build Graft again");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new GraftException("Cannot read prometheus-rules.yaml from Graft's own jar: " + e.getMessage(), e);
        }
    }
}
