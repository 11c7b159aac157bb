package dev.graft.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.InputException;
import dev.graft.watch.LogSettings.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RequestLogTest {
    private static final Outcome FULL = new Outcome("overloaded", 429, Outcome.Blame.SERVICE);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SECRET = "my card number is 4000 0000";
    private static final long PLENTY = 1 << 20;

    @TempDir
    private Path folder;

    private final List<String> said = new CopyOnWriteArrayList<>();

    private LogSettings settings(Format format, String file, boolean inputs) {
        return new LogSettings(format, Optional.of(folder.resolve(file)), PLENTY, 2, inputs);
    }

    private Watch watch(LogSettings settings) {
        return Watch.start(WatchSettings.DEFAULT.withLog(settings), said::add);
    }

    private static void visit(Watch watch, Outcome outcome) {
        Map<String, String> headers = Map.of("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
        Visit visit = watch.visit("predict", headers::get);
        visit.arrived();
        visit.predictionId("an-id");
        visit.model("tiny", "0123456789ab");
        visit.texts(List.of(SECRET, "two\nlines\u001b[2J"));
        visit.tokenised(System.nanoTime(), 1_500_000);
        visit.computed(2_000_000, 3_250_000);
        visit.written(250_000);
        visit.end(outcome);
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file));
    }

    @Test
    void aRequestIsOneObjectOnOneLine() throws IOException {
        try (Watch watch = watch(settings(Format.JSON, "log", false))) {
            visit(watch, Outcome.SUCCESS);
            visit(watch, FULL);
        }
        assertThat(lines("log")).hasSize(2);
        JsonNode line = new ObjectMapper().readTree(lines("log").get(0));
        assertThat(line.get("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z");
        assertThat(line.get("level").asText()).isEqualTo("info");
        assertThat(line.get("method").asText()).isEqualTo("predict");
        assertThat(line.get("status").asInt()).isEqualTo(200);
        assertThat(line.get("prediction_id").asText()).isEqualTo("an-id");
        assertThat(line.get("model").asText()).isEqualTo("tiny");
        assertThat(line.get("version").asText()).isEqualTo("0123456789ab");
        assertThat(line.get("tokenise_ms").asDouble()).isEqualTo(1.5);
        assertThat(line.get("queue_ms").asDouble()).isEqualTo(2);
        assertThat(line.get("infer_ms").asDouble()).isEqualTo(3.25);
        assertThat(line.get("post_ms").asDouble()).isEqualTo(0.25);
        assertThat(line.get("duration_ms").asDouble()).isNotNegative();
        assertThat(line.get("trace_id").asText()).isEqualTo(TRACE);
        JsonNode failed = new ObjectMapper().readTree(lines("log").get(1));
        assertThat(failed.get("level").asText()).isEqualTo("error");
        assertThat(failed.get("outcome").asText()).isEqualTo("overloaded");
    }

    @Test
    void textsAreWrittenDownOnlyWhereThatIsAsked() throws IOException {
        for (Format format : Format.values()) {
            try (Watch watch = watch(settings(format, format + "-without", false))) {
                visit(watch, Outcome.SUCCESS);
            }
            assertThat(lines(format + "-without").toString()).doesNotContain("card");
            try (Watch watch = watch(settings(format, format + "-with", true))) {
                visit(watch, Outcome.SUCCESS);
            }
            assertThat(lines(format + "-with")).hasSize(1).allMatch(line -> line.contains(SECRET));
            assertThat(lines(format + "-with").get(0)).doesNotContain("\u001b");
        }
    }

    @Test
    void aLineForPeopleSaysTheSame() throws IOException {
        try (Watch watch = watch(settings(Format.TEXT, "log", false))) {
            visit(watch, FULL);
        }
        assertThat(lines("log"))
                .singleElement()
                .asString()
                .matches("\\S+Z ERROR predict 429 tiny@0123456789ab [\\d.]+ ms \\(tokenise 1.500, queue 2.000,"
                        + " infer 3.250, post 0.250\\) overloaded id=an-id trace=" + TRACE);
    }

    @Test
    void afterTheLogIsClosedEverythingStandsInIt() throws IOException {
        try (Watch watch = watch(settings(Format.JSON, "log", false))) {
            for (int i = 0; i < 5_000; i++) {
                visit(watch, Outcome.SUCCESS);
            }
        }
        long kept = 0;
        for (String file : new String[] {"log", "log.1", "log.2"}) {
            if (Files.exists(folder.resolve(file))) {
                kept += lines(file).size();
                assertThat(lines(file)).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
            }
        }
        assertThat(kept).isEqualTo(5_000);
    }

    @Test
    void aFullFileIsMovedAsideAndOnlySoManyAreKept() throws IOException {
        LogFile file = LogFile.open(new LogSettings(Format.TEXT, Optional.of(folder.resolve("log")), 10, 2, false));
        for (String line : new String[] {"first\n", "second\n", "third\n", "fourth\n"}) {
            file.write(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        file.close();
        assertThat(lines("log")).containsExactly("fourth");
        assertThat(lines("log.1")).containsExactly("third");
        assertThat(lines("log.2")).containsExactly("second");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(3);
        }
    }

    @Test
    void aLogGoesOnWhereItEnded() throws IOException {
        Files.writeString(folder.resolve("log"), "before\n");
        try (Watch watch = watch(settings(Format.TEXT, "log", false))) {
            visit(watch, Outcome.SUCCESS);
        }
        assertThat(lines("log")).hasSize(2).startsWith("before");
    }

    @Test
    void aFileThatCannotBeOpenedIsNamedAtTheStart() {
        LogSettings nowhere = settings(Format.JSON, "no/such/folder/log", false);
        assertThatThrownBy(() -> watch(nowhere))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no/such/folder/log")
                .hasMessageContaining("--log-file");
    }

    @Test
    void aFullDiskIsSaidOnceAndCountedAndServingGoesOn() throws InterruptedException {
        Path full = Path.of("/dev/full");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full), "needs Linux' /dev/full");
        var settings = new LogSettings(Format.JSON, Optional.of(full), PLENTY, 2, false);
        try (Watch watch = watch(settings)) {
            Watch.Count lost = watch.counts().stream()
                    .filter(count -> count.name().equals("graft.log.lost"))
                    .findFirst()
                    .orElseThrow();
            for (int i = 1; i <= 3; i++) {
                visit(watch, Outcome.SUCCESS);
                while (lost.value().getAsLong() < i) {
                    Thread.sleep(5);
                }
            }
            assertThat(watch.traffic().of("tiny").sum(Duration.ofMinutes(1)).requests())
                    .isEqualTo(3);
        }
        assertThat(said).singleElement().asString().contains("serving goes on", "No space left");
    }

    @Test
    void whatCannotBeWrittenIsMissingAndTheRestIsWhole() throws IOException, InterruptedException {
        Path file = folder.resolve("log");
        try (Watch watch = watch(new LogSettings(Format.JSON, Optional.of(file), 1, 0, false))) {
            visit(watch, Outcome.SUCCESS);
            while (!Files.exists(file) || Files.size(file) == 0) {
                Thread.sleep(5);
            }
            Files.delete(file);
            Files.createDirectories(file.resolve("in-the-way"));
            visit(watch, Outcome.SUCCESS);
            while (said.isEmpty()) {
                Thread.sleep(5);
            }
            Files.delete(file.resolve("in-the-way"));
            Files.delete(file);
            visit(watch, Outcome.SUCCESS);
        }
        assertThat(said).hasSize(2);
        assertThat(said.get(1)).isEqualTo("the log is written again; 1 lines are missing in it");
        assertThat(Files.readAllLines(file))
                .singleElement()
                .asString()
                .startsWith("{")
                .endsWith("}");
    }

    @Test
    void anAlertStandsInTheLog() {
        Rule rule = Rule.BUILT_IN.get(1);
        java.time.Instant at = java.time.Instant.parse("2026-11-21T12:00:00Z");
        var firing = new Alert(rule, "tiny", Alert.State.FIRING, 0.75, at, java.time.Instant.MAX);
        assertThat(new LogLine(Format.TEXT, new ManualClock()).alert(at, firing))
                .isEqualTo("2026-11-21T12:00:00Z ERROR alert GraftLatencyP99High firing tiny 750 ms");
        assertThat(new LogLine(Format.JSON, new ManualClock()).alert(at, firing))
                .isEqualTo("{\"time\":\"2026-11-21T12:00:00Z\",\"level\":\"error\",\"alert\":\"GraftLatencyP99High\","
                        + "\"state\":\"firing\",\"severity\":\"critical\",\"model\":\"tiny\",\"value\":0.75}");
    }
}
