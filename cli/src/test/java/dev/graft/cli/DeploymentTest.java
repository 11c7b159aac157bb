package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.graft.bundle.TinyBundle;
import dev.graft.serve.InferenceServer;
import dev.graft.serve.Security;
import dev.graft.serve.ServeSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The files of {@code deploy/} start the command as it is, ask addresses that are there, and agree with one another. */
class DeploymentTest {
    private static final Path DEPLOY =
            Path.of("").toAbsolutePath().resolveSibling("deploy").normalize();
    private static final String PORT = "8080";

    /** Seconds that a process has to end in, beyond what it waits for requests. */
    private static final int ENDING = 10;

    /** How the command understands a command line; one that it does not understand fails here. */
    private static ParseResult parsed(List<String> arguments) {
        CommandLine graft = CommandModel.graft();
        ParseResult serve = graft.parseArgs(arguments.toArray(String[]::new)).subcommand();
        assertThat(serve.commandSpec().name()).isEqualTo("serve");
        assertThat(serve.matchedOptionValue("--host", "")).isEqualTo("0.0.0.0");
        assertThat(serve.matchedOptionValue("--port", 0)).isEqualTo(Integer.parseInt(PORT));
        return serve;
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** The instructions of the last stage of the Dockerfile. */
    private static Map<String, String> finalStage() throws IOException {
        var instructions = new HashMap<String, String>();
        for (String line : Files.readAllLines(DEPLOY.resolve("Dockerfile"))) {
            String[] words = line.split(" ", 2);
            if (words[0].equals("FROM")) {
                assertThat(words[1]).as("an image with its version").matches("[a-z-]+:[0-9][^ ]+( AS [a-z]+)?");
                instructions.clear();
            }
            if (words.length == 2) {
                instructions.put(words[0], words[1]);
            }
        }
        return instructions;
    }

    private static String unit(String name) throws IOException {
        return Files.readAllLines(DEPLOY.resolve("graft.service")).stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the unit has no " + name));
    }

    private static Map<String, JsonNode> kubernetes() throws IOException {
        var resources = new HashMap<String, JsonNode>();
        YAMLMapper yaml = new YAMLMapper();
        try (var documents = yaml.readerFor(JsonNode.class)
                .<JsonNode>readValues(DEPLOY.resolve("kubernetes.yaml").toFile())) {
            documents.forEachRemaining(one -> resources.put(one.get("kind").asText(), one));
        }
        return resources;
    }

    private static JsonNode of(Map<String, JsonNode> resources, String kind) {
        return Objects.requireNonNull(resources.get(kind), kind);
    }

    private static JsonNode pod() throws IOException {
        return of(kubernetes(), "Deployment").at("/spec/template/spec");
    }

    @Test
    void theImageStartsTheCommandAsAnOrdinaryUser() throws IOException {
        Map<String, String> image = finalStage();
        ObjectMapper json = new ObjectMapper();
        assertThat(texts(json.readTree(image.get("ENTRYPOINT")))).containsExactly("/opt/graft/bin/graft");
        parsed(texts(json.readTree(image.get("CMD"))));
        assertThat(image.get("EXPOSE")).isEqualTo(PORT);
        assertThat(Integer.parseInt(image.get("USER"))).isPositive();
    }

    @Test
    void theUnitStartsTheCommandAsAnOrdinaryUser() throws IOException {
        List<String> words = List.of(unit("ExecStart").split(" "));
        assertThat(words.get(0)).isEqualTo("/opt/graft/bin/graft");
        ParseResult serve = parsed(words.subList(1, words.size()));
        int drain = serve.matchedOptionValue("--drain", 0);
        assertThat(Integer.parseInt(unit("TimeoutStopSec"))).isGreaterThanOrEqualTo(drain + ENDING);
        assertThat(unit("User")).isEqualTo("graft");
        assertThat(unit("Environment")).isEqualTo("GRAFT_CACHE=/var/cache/" + unit("CacheDirectory"));
        assertThat(unit("ProtectSystem")).isEqualTo("strict");
    }

    @Test
    void theManifestStartsTheCommandInAReadOnlyFileSystem() throws IOException {
        JsonNode container = pod().at("/containers/0");
        ParseResult serve = parsed(texts(container.get("args")));
        assertThat(container.at("/ports/0/containerPort").asText()).isEqualTo(PORT);
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(pod().at("/securityContext/runAsUser").asText())
                .isEqualTo(finalStage().get("USER"));
        int drain = serve.matchedOptionValue("--drain", 0);
        int pause = container.at("/lifecycle/preStop/exec/command/1").asInt();
        assertThat(pod().get("terminationGracePeriodSeconds").asInt()).isGreaterThanOrEqualTo(drain + pause + ENDING);
    }

    @Test
    void whatTheCommandReadsIsMounted() throws IOException {
        JsonNode container = pod().at("/containers/0");
        List<String> mounts = new ArrayList<>();
        container
                .get("volumeMounts")
                .forEach(mount -> mounts.add(mount.get("mountPath").asText()));
        List<String> read = texts(container.get("args")).stream()
                .filter(argument -> argument.startsWith("/"))
                .toList();
        assertThat(read).isNotEmpty().allSatisfy(path -> assertThat(mounts).anyMatch(path::startsWith));
        List<String> volumes = new ArrayList<>();
        pod().get("volumes").forEach(volume -> volumes.add(volume.get("name").asText()));
        container
                .get("volumeMounts")
                .forEach(mount -> assertThat(volumes).contains(mount.get("name").asText()));
    }

    @Test
    void theResourcesFindOneAnother() throws IOException {
        Map<String, JsonNode> resources = kubernetes();
        JsonNode labels = of(resources, "Deployment").at("/spec/template/metadata/labels");
        assertThat(of(resources, "Deployment").at("/spec/selector/matchLabels")).isEqualTo(labels);
        assertThat(of(resources, "Service").at("/spec/selector")).isEqualTo(labels);
        assertThat(of(resources, "PodDisruptionBudget").at("/spec/selector/matchLabels"))
                .isEqualTo(labels);
        String port = pod().at("/containers/0/ports/0/name").asText();
        assertThat(of(resources, "Service").at("/spec/ports/0/targetPort").asText())
                .isEqualTo(port);
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            assertThat(pod().at("/containers/0/" + probe + "/httpGet/port").asText())
                    .isEqualTo(port);
        }
    }

    @Test
    void theProbesAreAnsweredWithoutAKey(@TempDir Path folder) throws Exception {
        Path keys = Files.writeString(folder.resolve("keys.yaml"), "shop: 0bTq7vXh2mKp94sWcz1LfRyE\n");
        Security none = Security.NONE;
        var security = new Security(
                Optional.of(keys), 0, false, none.tls(), none.maxConnections(), Duration.ofSeconds(15), none.notices());
        ServeSettings some = ServeSettings.DEFAULT;
        var settings = new ServeSettings(
                        some.host(),
                        0,
                        some.batching(),
                        some.maxConcurrentRequests(),
                        some.maxClientBatchSize(),
                        some.payloadLimit(),
                        0,
                        some.cacheTime(),
                        1,
                        1,
                        Duration.ZERO)
                .withSecurity(security);
        Path bundle = TinyBundle.write(Files.createDirectory(folder.resolve("one")));
        try (InferenceServer server = InferenceServer.start(Map.of("model", bundle), settings)) {
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                String path =
                        pod().at("/containers/0/" + probe + "/httpGet/path").asText();
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .build();
                assertThat(HttpClient.newHttpClient()
                                .send(request, BodyHandlers.discarding())
                                .statusCode())
                        .as(path)
                        .isEqualTo(200);
            }
        }
    }
}
