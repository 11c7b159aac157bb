package dev.graft.watch;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.graft.watch.LogSettings.Format;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What a line of the log says. */
record LogLine(Format format, InstantSource clock) {
    private static final double NANOS_A_MILLI = 1e6;

    /** The time that a line bears. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** A request at its end. */
    String request(Instant at, Visit visit) {
        return format == Format.JSON ? json(at, visit) : text(at, visit);
    }

    private static String json(Instant at, Visit visit) {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeStringField("time", at.toString());
            json.writeStringField("level", level(visit.outcome()));
            json.writeStringField("method", visit.method());
            json.writeNumberField("status", visit.outcome().status());
            json.writeStringField("outcome", visit.outcome().name());
            given(json, "prediction_id", visit.predictionId());
            given(json, "model", visit.model().orElse(""));
            given(json, "version", visit.version());
            Stages stages = visit.stages();
            millis(json, "duration_ms", stages.whole());
            millis(json, "tokenise_ms", stages.tokenise());
            millis(json, "queue_ms", stages.queue());
            millis(json, "infer_ms", stages.infer());
            millis(json, "post_ms", stages.post());
            given(json, "trace_id", visit.traceId());
            if (!visit.texts().isEmpty()) {
                json.writeArrayFieldStart("inputs");
                for (String text : visit.texts()) {
                    json.writeString(text);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        });
    }

    private static void given(JsonGenerator json, String field, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(field, value);
        }
    }

    private static void millis(JsonGenerator json, String field, long nanos) throws IOException {
        json.writeNumberField(field, Math.round(nanos / 1e3) / 1e3);
    }

    private static String text(Instant at, Visit visit) {
        Stages stages = visit.stages();
        var line = new StringBuilder(200);
        line.append(at)
                .append(' ')
                .append(level(visit.outcome()).toUpperCase(Locale.ROOT))
                .append(' ');
        line.append(visit.method()).append(' ').append(visit.outcome().status());
        visit.model()
                .ifPresent(model -> line.append(' ').append(model).append('@').append(visit.version()));
        line.append(String.format(
                Locale.ROOT,
                " %.3f ms (tokenise %.3f, queue %.3f, infer %.3f, post %.3f)",
                stages.whole() / NANOS_A_MILLI,
                stages.tokenise() / NANOS_A_MILLI,
                stages.queue() / NANOS_A_MILLI,
                stages.infer() / NANOS_A_MILLI,
                stages.post() / NANOS_A_MILLI));
        if (!visit.outcome().equals(Outcome.SUCCESS)) {
            line.append(' ').append(visit.outcome().name());
        }
        if (!visit.predictionId().isEmpty()) {
            line.append(" id=").append(visit.predictionId());
        }
        if (!visit.traceId().isEmpty()) {
            line.append(" trace=").append(visit.traceId());
        }
        visit.texts().forEach(text -> line.append(' ').append(quoted(text)));
        return line.toString();
    }

    /** In quotes, on one line, whatever the text holds. */
    private static String quoted(String text) {
        return JsonText.of(json -> json.writeString(text));
    }

    private static String level(Outcome outcome) {
        return switch (outcome.blame()) {
            case NOBODY -> "info";
            case CALLER -> "warn";
            case SERVICE -> "error";
        };
    }

    /** An alert that begins or ends. */
    String alert(Instant at, Alert alert) {
        Rule rule = alert.rule();
        String level = !alert.firing() ? "info" : rule.severity() == Rule.Severity.CRITICAL ? "error" : "warn";
        String state = alert.firing() ? "firing" : "resolved";
        if (format == Format.TEXT) {
            String model = alert.model().isEmpty() ? "" : " " + alert.model();
            return at + " " + level.toUpperCase(Locale.ROOT) + " alert " + rule.name() + " " + state + model + " "
                    + Shown.figure(rule, alert.value());
        }
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeStringField("time", at.toString());
            json.writeStringField("level", level);
            json.writeStringField("alert", rule.name());
            json.writeStringField("state", state);
            json.writeStringField("severity", AlertText.word(rule.severity()));
            given(json, "model", alert.model());
            JsonText.number(json, "value", alert.value());
            json.writeEndObject();
        });
    }
}
