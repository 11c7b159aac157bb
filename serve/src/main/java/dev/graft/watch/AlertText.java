package dev.graft.watch;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Alerts as JSON: as {@code GET /alerts} tells them, and as the webhook does. */
final class AlertText {
    /** What Alertmanager says of an alert that has not ended. */
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private AlertText() {}

    /** How all rules stand. */
    static String list(List<Alert> alerts) {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("alerts");
            for (Alert alert : alerts) {
                json.writeStartObject();
                json.writeStringField("rule", alert.rule().name());
                json.writeStringField("severity", word(alert.rule().severity()));
                json.writeStringField("state", word(alert.state()));
                if (!alert.model().isEmpty()) {
                    json.writeStringField("model", alert.model());
                }
                JsonText.number(json, "value", alert.value());
                json.writeNumberField("above", alert.rule().above());
                json.writeNumberField("below", alert.rule().below());
                json.writeStringField("since", alert.since().toString());
                json.writeStringField("summary", alert.rule().summary());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /**
     * An alert that begins or ends, as a receiver of Alertmanager's webhooks (version 4) reads it.
     *
     * @param before how it stood until now
     */
    static String notice(Alert before, Alert after) {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeStringField("version", "4");
            json.writeStringField("groupKey", after.rule().name() + "/" + after.model());
            json.writeStringField("status", status(after));
            json.writeStringField("receiver", "graft");
            json.writeStringField("externalURL", "");
            json.writeObjectFieldStart("groupLabels");
            json.writeStringField("alertname", after.rule().name());
            json.writeEndObject();
            labels(json, "commonLabels", after);
            annotations(json, "commonAnnotations", after);
            json.writeArrayFieldStart("alerts");
            json.writeStartObject();
            json.writeStringField("status", status(after));
            labels(json, "labels", after);
            annotations(json, "annotations", after);
            json.writeStringField(
                    "startsAt", (after.firing() ? after : before).since().toString());
            json.writeStringField(
                    "endsAt", after.firing() ? NEVER : after.since().toString());
            json.writeStringField("generatorURL", "");
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static String status(Alert alert) {
        return alert.firing() ? "firing" : "resolved";
    }

    private static void labels(JsonGenerator json, String field, Alert alert) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("alertname", alert.rule().name());
        json.writeStringField("severity", word(alert.rule().severity()));
        if (!alert.model().isEmpty()) {
            json.writeStringField("model", alert.model());
        }
        json.writeEndObject();
    }

    private static void annotations(JsonGenerator json, String field, Alert alert) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("summary", alert.rule().summary());
        json.writeStringField("value", Double.isNaN(alert.value()) ? "" : Double.toString(alert.value()));
        json.writeEndObject();
    }

    /** A constant as JSON has it. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
