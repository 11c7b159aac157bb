package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A batch job belongs to the key that it came with; for others there is none. */
@Timeout(60)
class JobOwnersTest {
    private static final String SHOP = "0123456789abcdef-shop";
    private static final String BANK = "0123456789abcdef-bank";

    @TempDir
    Path folder;

    private Running start(boolean keys) throws IOException {
        Path file = Files.writeString(folder.resolve("keys.yaml"), "shop: " + SHOP + "\nbank: " + BANK + "\n");
        ServeSettings settings = RunningJobs.in(folder.resolve("jobs"));
        return Running.in(
                folder,
                settings.withSecurity(new Security(
                        keys ? Optional.of(file) : Optional.empty(),
                        0,
                        false,
                        Optional.empty(),
                        100,
                        Security.NONE.patience(),
                        notice -> {})));
    }

    private static HttpResponse<String> get(Running server, String path, String key) throws Exception {
        return server.send(server.request(path).header("X-API-Key", key).GET());
    }

    private static HttpResponse<String> delete(Running server, String path, String key) throws Exception {
        return server.send(server.request(path).header("X-API-Key", key).DELETE());
    }

    private static String submitted(Running server, String key) throws Exception {
        HttpRequest.Builder request = server.request("/jobs")
                .header("X-API-Key", key)
                .header("content-type", "text/csv")
                .POST(BodyPublishers.ofString("text\ncard\nmoney\n"));
        HttpResponse<String> response = server.send(request);
        assertThat(response.statusCode()).isEqualTo(202);
        return Running.json(response).get("id").asText();
    }

    private static void awaitResult(Running server, String id, String key) throws Exception {
        for (int i = 0; i < 800; i++) {
            if (get(server, "/jobs/" + id + "/result", key).statusCode() == 200) {
                return;
            }
            Thread.sleep(25);
        }
        throw new AssertionError("no result");
    }

    private static void assertSees(Running server, String key, String... ids) throws Exception {
        JsonNode jobs = Running.json(get(server, "/jobs", key)).get("jobs");
        assertThat(jobs).extracting(job -> job.get("id").asText()).containsExactlyInAnyOrder(ids);
    }

    @Test
    void eachKeySeesItsOwnJobsAlone() throws Exception {
        try (Running server = start(true)) {
            String shops = submitted(server, SHOP);
            String banks = submitted(server, BANK);
            assertSees(server, SHOP, shops);
            assertSees(server, BANK, banks);
            awaitResult(server, shops, SHOP);
            awaitResult(server, banks, BANK);
            HttpResponse<String> absent = get(server, "/jobs/00000000-0000-0000-0000-000000000000", BANK);
            for (String path : new String[] {"", "/result", "/events"}) {
                HttpResponse<String> refused = get(server, "/jobs/" + shops + path, BANK);
                assertThat(refused.statusCode()).as(path).isEqualTo(404);
                assertThat(refused.body().replace(shops, "00000000-0000-0000-0000-000000000000"))
                        .isEqualTo(absent.body());
            }
            assertThat(delete(server, "/jobs/" + shops, BANK).statusCode()).isEqualTo(404);
            assertThat(get(server, "/jobs/" + shops, SHOP).body()).doesNotContain("owner");
            assertThat(delete(server, "/jobs/" + shops, SHOP).statusCode()).isEqualTo(204);
        }
    }

    @Test
    void aJobKeepsItsOwnerOverRestarts() throws Exception {
        String id;
        try (Running server = start(true)) {
            id = submitted(server, SHOP);
            awaitResult(server, id, SHOP);
        }
        try (Running open = start(false)) {
            assertThat(open.get("/jobs/" + id).statusCode()).isEqualTo(404);
            assertThat(Running.json(open.get("/jobs")).get("jobs")).isEmpty();
        }
        try (Running server = start(true)) {
            assertSees(server, BANK);
            assertSees(server, SHOP, id);
            awaitResult(server, id, SHOP);
        }
    }
}
