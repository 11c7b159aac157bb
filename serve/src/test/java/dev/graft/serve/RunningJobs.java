package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.bundle.TinyBundle;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** What tests of batch jobs do with a server. */
record RunningJobs(Running server) {
    static final long MOST_BYTES = 20_000_000;

    /** Settings that keep jobs in a folder. */
    static ServeSettings in(Path folder) {
        return Running.SETTINGS.withJobs(new JobSettings(
                Optional.of(folder), 3, MOST_BYTES, 3 * MOST_BYTES, Duration.ofMinutes(5), Duration.ofMillis(50)));
    }

    /** A table of texts of known words. */
    static String table(int rows) {
        var random = new Random(20261121);
        var table = new StringBuilder("number,text\n");
        for (int i = 0; i < rows; i++) {
            table.append(i).append(',');
            for (int words = 1 + random.nextInt(6); words > 0; words--) {
                table.append(TinyBundle.WORDS.get(4 + random.nextInt(4))).append(' ');
            }
            table.append("x").append(i).append('\n');
        }
        return table.toString();
    }

    HttpResponse<String> submit(String query, String type, String body) throws Exception {
        return server.send(
                server.request("/jobs" + query).header("content-type", type).POST(BodyPublishers.ofString(body)));
    }

    /** A job that was taken in. */
    String submitted(String query, String type, String body) throws Exception {
        HttpResponse<String> response = submit(query, type, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        String id = Running.json(response).get("id").asText();
        assertThat(response.headers().firstValue("location")).contains("/jobs/" + id);
        return id;
    }

    JsonNode job(String id) throws Exception {
        return Running.json(server.get("/jobs/" + id));
    }

    HttpResponse<String> delete(String id) throws Exception {
        return server.send(server.request("/jobs/" + id).DELETE());
    }

    /** The job once it is in one of the states. */
    JsonNode await(String id, String... states) throws Exception {
        for (int i = 0; i < 1_200; i++) {
            JsonNode job = job(id);
            if (Set.of(states).contains(job.path("state").asText())) {
                return job;
            }
            Thread.sleep(25);
        }
        throw new AssertionError("the job stays " + job(id));
    }
}
