package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JobEventsTest {
    @TempDir
    static Path folder;

    private static Running server;
    private static RunningJobs jobs;

    @BeforeAll
    static void start() throws IOException {
        server = Running.in(folder, RunningJobs.in(folder.resolve("jobs")));
        jobs = new RunningJobs(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> events(String id, String after) throws Exception {
        return server.send(server.request("/jobs/" + id + "/events")
                .header("last-event-id", after)
                .GET());
    }

    private static List<String> values(String field, String stream) {
        List<String> values = new ArrayList<>();
        for (String line : stream.split("\n")) {
            if (line.startsWith(field + ": ")) {
                values.add(line.substring(field.length() + 2));
            }
        }
        return values;
    }

    @Test
    void whatHappensIsToldUntilTheEnd() throws Exception {
        String id = jobs.submitted("", "text/csv", RunningJobs.table(20_000));
        HttpResponse<String> response = server.get("/jobs/" + id + "/events");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
        List<String> names = values("event", response.body());
        assertThat(names).startsWith("queued", "running").endsWith("succeeded");
        assertThat(values("data", response.body()).get(names.size() - 1))
                .contains("\"rows\":20000,\"done\":20000", "\"state\":\"succeeded\"");
        List<Long> ids =
                values("id", response.body()).stream().map(Long::parseLong).toList();
        assertThat(ids).isSorted().doesNotHaveDuplicates();
        jobs.delete(id);
    }

    @Test
    void whoComesBackIsToldWhatWasMissed() throws Exception {
        String id = jobs.submitted("", "text/csv", "text\ncard\n");
        jobs.await(id, "succeeded");
        String all = server.get("/jobs/" + id + "/events").body();
        List<String> ids = values("id", all);
        String later = events(id, ids.get(0)).body();
        assertThat(values("id", later)).isEqualTo(ids.subList(1, ids.size()));
        assertThat(events(id, ids.get(ids.size() - 1)).statusCode()).isEqualTo(204);
        assertThat(events(id, "x").statusCode()).isEqualTo(400);
        jobs.delete(id);
    }

    @Test
    void whoListensHearsAHeartBeatAndTheCancelling() throws Exception {
        String first = jobs.submitted("", "text/csv", RunningJobs.table(200_000));
        String second = jobs.submitted("", "text/csv", "text\ncard\n");
        CompletableFuture<HttpResponse<Stream<String>>> answer = server.client()
                .sendAsync(server.request("/jobs/" + second + "/events").GET().build(), BodyHandlers.ofLines());
        List<String> heard = new ArrayList<>();
        try (Stream<String> lines = answer.join().body()) {
            var each = lines.iterator();
            while (each.hasNext()) {
                String line = each.next();
                heard.add(line);
                if (line.equals(": ") && !heard.contains("deleted")) {
                    heard.add("deleted");
                    jobs.delete(second);
                }
            }
        }
        assertThat(heard)
                .contains("event: queued", "deleted", "event: cancelled")
                .doesNotContain("event: running");
        jobs.delete(first);
    }
}
