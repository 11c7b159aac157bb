package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.InputException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Timeout(120)
class JobsRestartTest {
    private static final String SMALL = "text\ncard\nmoney\n";

    @TempDir
    Path folder;

    private Running start(ServeSettings settings) throws Exception {
        return Running.in(folder, settings);
    }

    private static ServeSettings with(JobSettings jobs) {
        return Running.SETTINGS.withJobs(jobs);
    }

    @Test
    void resultsAreKeptAndUnfinishedJobsBeginAnew() throws Exception {
        Path files = folder.resolve("jobs");
        Running first = start(RunningJobs.in(files));
        var jobs = new RunningJobs(first);
        String done = jobs.submitted("", "text/csv", SMALL);
        jobs.await(done, "succeeded");
        String result = first.get("/jobs/" + done + "/result").body();
        String cut = jobs.submitted("", "text/csv", RunningJobs.table(60_000));
        jobs.await(cut, "running");
        CompletableFuture<HttpResponse<String>> listener = first.client()
                .sendAsync(
                        first.request("/jobs/" + cut + "/events").GET().build(), HttpResponse.BodyHandlers.ofString());
        Thread.sleep(200);
        first.close();
        assertThat(listener.join().body()).contains("event: running");
        assertThat(Files.readString(files.resolve(cut).resolve("job.json"))).contains("\"state\": \"QUEUED\"");
        Files.createDirectories(files.resolve(".broken.part"));
        Files.createDirectories(files.resolve("no-job"));
        try (Running second = start(RunningJobs.in(files))) {
            var again = new RunningJobs(second);
            assertThat(second.get("/jobs/" + done + "/result").body()).isEqualTo(result);
            assertThat(again.await(cut, "succeeded").get("done").asInt()).isEqualTo(60_000);
            assertThat(second.get("/jobs/" + cut + "/result").body().lines()).hasSize(60_001);
            assertThat(files.resolve(".broken.part")).doesNotExist();
            assertThat(files.resolve("no-job")).exists();
        }
    }

    @Test
    void aModelThatIsNoLongerServedFailsItsJobs() throws Exception {
        Path files = folder.resolve("jobs");
        Path bundle = Running.bundle(folder);
        String id;
        try (Running first = Running.of(InferenceServer.start(Map.of("old", bundle), RunningJobs.in(files)))) {
            id = new RunningJobs(first).submitted("", "text/csv", RunningJobs.table(200_000));
        }
        try (Running second = start(RunningJobs.in(files))) {
            JsonNode job = new RunningJobs(second).await(id, "failed");
            assertThat(job.get("problem").asText()).contains("no model 'old'");
        }
    }

    @Test
    void aFolderIsUsedByOneServer() throws Exception {
        Path files = folder.resolve("jobs");
        try (Running first = start(RunningJobs.in(files))) {
            assertThat(first.get("/jobs").statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> start(RunningJobs.in(files)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("Another server uses --jobs-dir");
        }
    }

    @Test
    void endedJobsGoAfterTheirTime() throws Exception {
        var brief = new JobSettings(Optional.empty(), 1, 1_000, 1_000, Duration.ZERO, Duration.ofSeconds(1));
        try (Running server = start(with(brief))) {
            var jobs = new RunningJobs(server);
            for (int i = 0; i < 3; i++) {
                String id = jobs.submitted("", "text/csv", SMALL);
                for (int wait = 0; wait < 400 && server.get("/jobs/" + id).statusCode() == 200; wait++) {
                    Thread.sleep(25);
                }
                assertThat(server.get("/jobs/" + id).statusCode()).isEqualTo(404);
            }
        }
    }

    @Test
    void theDiskIsNotFilled() throws Exception {
        var little = new JobSettings(
                Optional.of(folder.resolve("jobs")), 9, 1_000, 1_000, Duration.ofMinutes(1), Duration.ofSeconds(1));
        try (Running server = start(with(little))) {
            var jobs = new RunningJobs(server);
            String table = "text\n" + "card\n".repeat(100);
            String id = jobs.submitted("", "text/csv", table);
            assertThat(jobs.await(id, "failed").get("problem").asText()).contains("--jobs-space");
            assertThat(jobs.submit("", "text/csv", table).statusCode()).isEqualTo(507);
            assertThat(jobs.delete(id).statusCode()).isEqualTo(204);
            assertThat(jobs.await(jobs.submitted("", "text/csv", SMALL), "succeeded")
                            .get("rows")
                            .asInt())
                    .isEqualTo(2);
        }
    }
}
