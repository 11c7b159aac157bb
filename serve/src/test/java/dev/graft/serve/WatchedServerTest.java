package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedServerTest {
    @TempDir
    static Path folder;

    private static Running server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        server = Running.in(folder, Running.with(64, 8, 1 << 20));
        server.post("/predict", "{\"inputs\": [\"card\", \"money sent\", \"card\"]}");
        server.post("/predict", "{\"inputs\": \"card\"}");
        server.post("/predict", "{\"inputs\": []}");
        server.post("/models/other/predict", "{\"inputs\": \"card\"}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static double figure(String name) throws Exception {
        String pattern = name + "(\\{model=\"tiny\",version=\"[0-9a-f]{12}\"})? [\\d.eE+-]+";
        return Arrays.stream(server.get("/metrics").body().split("\n"))
                .filter(line -> line.matches(pattern))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name));
    }

    @Test
    void tritonsCountersHaveTritonsNames() throws Exception {
        assertThat(figure("nv_inference_request_success")).isEqualTo(2);
        assertThat(figure("nv_inference_request_failure")).isEqualTo(1);
        assertThat(figure("nv_inference_count")).isEqualTo(2);
        assertThat(figure("nv_inference_exec_count")).isBetween(1.0, 3.0);
        assertThat(figure("nv_cache_num_hits_per_model")).isEqualTo(2);
        assertThat(figure("nv_cache_num_misses_per_model")).isEqualTo(2);
        assertThat(figure("nv_inference_pending_request_count")).isZero();
    }

    @Test
    void theStagesOfARequestTakeNoLongerThanAllOfIt() throws Exception {
        double stages = figure("nv_inference_queue_duration_us")
                + figure("nv_inference_compute_infer_duration_us")
                + figure("nv_inference_compute_output_duration_us");
        assertThat(figure("nv_inference_compute_input_duration_us")).isPositive();
        assertThat(stages).isPositive().isLessThanOrEqualTo(figure("nv_inference_request_duration_us"));
    }

    @Test
    void everyStageHasAHistogramByModelAndVersion() throws Exception {
        for (String stage : new String[] {
            "te_request_duration",
            "te_request_tokenization_duration",
            "te_request_queue_duration",
            "te_request_inference_duration",
            "graft_request_post_duration"
        }) {
            assertThat(figure(stage + "_count")).as(stage).isBetween(2.0, 3.0);
        }
    }

    /** Alert rules ask for quantiles below a second: a histogram that rounds up to whole seconds would answer them all. */
    @Test
    void aRequestFallsIntoTheBucketOfItsTimeAndNotOfTheNextWholeSecond() throws Exception {
        assertThat(bucket("te_request_inference_duration", "0.5")).isBetween(2.0, 3.0);
        assertThat(bucket("te_request_duration", "10.0")).isEqualTo(figure("te_request_duration_count"));
        assertThat(bucket("graft_batch_padding_share", "0.5")).isPositive();
    }

    private static double bucket(String name, String bound) throws Exception {
        Matcher line = Pattern.compile(name + "_bucket\\{[^}]*le=\"" + bound + "\"} (\\S+)")
                .matcher(server.get("/metrics").body());
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group(1));
    }

    @Test
    void alertsStandForTheServerAndEachOfItsModels() throws Exception {
        HttpResponse<String> response = server.get("/alerts");
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode alerts = Running.json(response).get("alerts");
        assertThat(alerts).isNotEmpty().allSatisfy(alert -> {
            assertThat(alert.get("state").asText()).isEqualTo("ok");
            assertThat(alert.hasNonNull("since")).isTrue();
        });
        assertThat(alerts)
                .extracting(alert -> alert.get("rule").asText())
                .containsExactly(
                        "GraftLatencyP50High", "GraftLatencyP99High", "GraftErrorShareHigh", "GraftQueueGrowing");
    }

    @Test
    void theRulesForPrometheusComeWithTheServer() throws Exception {
        HttpResponse<String> response = server.get("/alerts/prometheus");
        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("application/yaml");
        assertThat(response.body()).contains("alert: GraftLatencyP50High");
    }

    @Test
    void thePageStandsAtTheRoot() throws Exception {
        HttpResponse<String> response = server.get("/");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
        assertThat(response.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'sha256-");
        assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(response.body()).contains("<h1>tiny</h1>", "GraftErrorShareHigh", ">ready</span>");
    }
}
