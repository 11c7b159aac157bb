package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.predict.Answer;
import dev.graft.predict.Predictor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JobsTest {
    @TempDir
    static Path folder;

    private static Path bundle = Path.of("");
    private static Path files = Path.of("");
    private static Running server;
    private static RunningJobs jobs;

    @BeforeAll
    static void start() throws IOException {
        bundle = Running.bundle(folder);
        files = folder.resolve("jobs");
        server = Running.of(InferenceServer.start(Map.of("tiny", bundle), RunningJobs.in(files)));
        jobs = new RunningJobs(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void deleteAll() throws Exception {
        for (JsonNode job : Running.json(server.get("/jobs")).get("jobs")) {
            jobs.delete(job.get("id").asText());
        }
    }

    private static List<String> kept() throws IOException {
        try (Stream<Path> found = Files.list(files)) {
            return found.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(".lock"))
                    .toList();
        }
    }

    @Test
    void aFileIsAnsweredRowForRow() throws Exception {
        String table = RunningJobs.table(700);
        String id = jobs.submitted("?model=tiny&text=text", "text/csv", table);
        JsonNode job = jobs.await(id, "succeeded", "failed");
        assertThat(job.get("state").asText()).as(job.toString()).isEqualTo("succeeded");
        assertThat(job.get("rows").asInt()).isEqualTo(700);
        assertThat(job.get("done").asInt()).isEqualTo(700);
        assertThat(job.get("version").asText()).matches("[0-9a-f]{12}");
        HttpResponse<String> result = server.get("/jobs/" + id + "/result");
        assertThat(result.headers().firstValue("content-type")).contains("text/csv; charset=utf-8");
        List<String> lines = result.body().lines().toList();
        assertThat(lines).hasSize(701);
        assertThat(lines.get(0)).isEqualTo("text,label,probability");
        List<String> texts = table.lines()
                .skip(1)
                .map(line -> line.substring(line.indexOf(',') + 1))
                .toList();
        try (Predictor predictor = Predictor.open(bundle)) {
            List<Answer> answers = predictor.predict(texts);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(lines.get(i + 1))
                        .startsWith(texts.get(i) + "," + answers.get(i).label() + ",0.");
            }
        }
    }

    @Test
    void theCallerChoosesTheFormOfTheResult() throws Exception {
        String id = jobs.submitted("?output=jsonl", "application/octet-stream", "text\ncard\nmoney sent\n");
        jobs.await(id, "succeeded");
        List<String> lines =
                server.get("/jobs/" + id + "/result").body().lines().toList();
        assertThat(lines).hasSize(2);
        JsonNode second = new ObjectMapper().readTree(lines.get(1));
        assertThat(second.get("text").asText()).isEqualTo("money sent");
        assertThat(second.get("probabilities")).hasSize(3);
        String tsv = jobs.submitted("", "application/x-ndjson", "{\"text\": \"card\"}\n{\"text\": \"lost\"}\n");
        assertThat(jobs.await(tsv, "succeeded").get("output").asText()).isEqualTo("jsonl");
    }

    @Test
    void aFormIsTakenAsWell() throws Exception {
        String form = """
                --b\r
                Content-Disposition: form-data; name="model"\r
                \r
                tiny\r
                --b\r
                Content-Disposition: form-data; name="file"; filename="some.tsv"\r
                \r
                number\ttext
                1\tcard lost
                2\tmoney
                \r
                --b\r
                Content-Disposition: form-data; name="text"\r
                \r
                text\r
                --b--\r
                """;
        String id = jobs.submitted("", "multipart/form-data; boundary=b", form);
        assertThat(jobs.await(id, "succeeded").get("rows").asInt()).isEqualTo(2);
        assertThat(server.get("/jobs/" + id + "/result").body()).startsWith("text\tlabel\tprobability\r\ncard lost\t");
        String none = form.replace("name=\"file\"", "name=\"model\"");
        assertThat(jobs.submit("", "multipart/form-data; boundary=b", none).statusCode())
                .isEqualTo(422);
        assertThat(jobs.submit("", "multipart/form-data; boundary=other", form).statusCode())
                .isIn(400, 422);
        assertThat(jobs.submit("", "multipart/form-data", form).statusCode()).isEqualTo(400);
        assertThat(kept()).hasSize(1);
    }

    @Test
    void aBadRowIsReportedWithItsLineBeforeAnythingIsComputed() throws Exception {
        String id = jobs.submitted("", "text/csv", "a,text\n1,card\n2,lost,more\n3,money\n");
        JsonNode job = jobs.await(id, "failed");
        assertThat(job.get("problem").asText()).startsWith("The file, line 3").doesNotContain(files.toString());
        assertThat(job.get("done").asInt()).isZero();
        HttpResponse<String> result = server.get("/jobs/" + id + "/result");
        assertThat(result.statusCode()).isEqualTo(409);
        assertThat(Running.json(result).get("error_type").asText()).isEqualTo("Conflict");
        String absent = jobs.submitted("?text=nope", "text/csv", "a,text\n1,card\n");
        assertThat(jobs.await(absent, "failed").get("problem").asText()).contains("nope");
    }

    @Test
    void whatIsNoJobIsRefusedAndLeavesNothing() throws Exception {
        assertThat(jobs.submit("?model=nope", "text/csv", "text\ncard\n").statusCode())
                .isEqualTo(404);
        assertThat(jobs.submit("?modle=tiny", "text/csv", "text\ncard\n").body())
                .contains("did you mean 'model'");
        assertThat(jobs.submit("?output=pdf", "text/csv", "text\ncard\n").statusCode())
                .isEqualTo(422);
        assertThat(jobs.submit("?model=tiny&model=tiny", "text/csv", "text\ncard\n")
                        .statusCode())
                .isEqualTo(422);
        assertThat(jobs.submit("", "text/csv", "").statusCode()).isEqualTo(422);
        assertThat(jobs.submit("", "text/csv", "a".repeat((int) RunningJobs.MOST_BYTES + 1))
                        .statusCode())
                .isEqualTo(413);
        assertThat(kept()).isEmpty();
        for (String path : new String[] {"/jobs/nope", "/jobs/..%2f", "/jobs/nope/events", "/jobs/nope/result"}) {
            assertThat(server.get(path).statusCode()).isIn(400, 404);
        }
        assertThat(jobs.delete("nope").statusCode()).isEqualTo(404);
    }

    @Test
    void anUploadThatBreaksOffLeavesNothing() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                OutputStream out = socket.getOutputStream();
                out.write("POST /jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\ntext\ncard\n"
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                Thread.sleep(50);
            }
        }
        for (int i = 0; i < 200 && !kept().isEmpty(); i++) {
            Thread.sleep(25);
        }
        assertThat(kept()).isEmpty();
        assertThat(Running.json(server.get("/jobs")).get("jobs")).isEmpty();
        jobs.await(jobs.submitted("", "text/csv", "text\ncard\n"), "succeeded");
    }

    @Test
    void aJobThatIsDeletedEndsAndIsGone() throws Exception {
        String id = jobs.submitted("", "text/csv", RunningJobs.table(200_000));
        jobs.await(id, "running");
        assertThat(server.get("/jobs/" + id + "/result").statusCode()).isEqualTo(409);
        assertThat(server.post("/predict", "{\"inputs\": \"card\"}").statusCode())
                .isEqualTo(200);
        String next = jobs.submitted("", "text/csv", "text\ncard\n");
        assertThat(jobs.delete(id).statusCode()).isEqualTo(204);
        assertThat(jobs.delete(id).statusCode()).isEqualTo(404);
        assertThat(server.get("/jobs/" + id).statusCode()).isEqualTo(404);
        jobs.await(next, "succeeded");
        assertThat(kept()).containsExactly(next);
    }

    @Test
    void asManyJobsAreKeptAsMayBe() throws Exception {
        for (int i = 0; i < 3; i++) {
            jobs.submitted("", "text/csv", "text\ncard\n");
        }
        HttpResponse<String> refused = jobs.submit("", "text/csv", "text\ncard\n");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).contains("60");
        JsonNode all = Running.json(server.get("/jobs")).get("jobs");
        assertThat(all).hasSize(3);
        assertThat(jobs.delete(all.get(0).get("id").asText()).statusCode()).isEqualTo(204);
        jobs.submitted("", "text/csv", "text\ncard\n");
    }
}
