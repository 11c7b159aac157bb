package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bundle.TinyBundle;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
    private static final Pattern ADDRESS = Pattern.compile("serving tiny on (http://\\S+)");

    @TempDir
    Path folder;

    private String bundle = "";

    @BeforeEach
    void writeABundle() throws IOException {
        bundle = TinyBundle.write(Files.createDirectory(folder.resolve("one"))).toString();
    }

    @Test
    void aFolderThatIsNoBundleIsNamed() {
        Ran ran = Ran.of(folder, "serve", folder.resolve("nothing").toString(), "--port", "0");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.messages()).contains("There is no bundle").contains("nothing");
    }

    @Test
    void twoBundlesOfOneNameAreRefused() {
        Ran ran = Ran.of(folder, "serve", bundle, bundle, "--port", "0");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.messages()).contains("are called 'tiny-bundle'").contains("NAME=FOLDER");
    }

    @Test
    void oneVersionTwiceIsRefused() {
        Ran ran = Ran.of(folder, "serve", "a=" + bundle, "a=" + bundle, "--port", "0");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.messages()).contains("The model 'a' has the version").contains("twice");
    }

    @Test
    void aPolicyOrASizeThatIsNoneIsNamed() {
        Ran policy = Ran.of(folder, "serve", bundle, "--version-policy", "newest", "--port", "0");
        assertThat(policy.exitCode()).isEqualTo(2);
        assertThat(policy.messages()).contains("--version-policy is 'newest'", "latest:N");
        Ran size = Ran.of(folder, "serve", bundle, "--memory", "much", "--port", "0");
        assertThat(size.exitCode()).isEqualTo(2);
        assertThat(size.messages()).contains("--memory is 'much'", "512MB");
    }

    @Test
    void aModelLargerThanTheMemoryIsRefused() {
        Ran ran = Ran.of(folder, "serve", "a=" + bundle, "--memory", "1KB", "--port", "0");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.messages()).contains("The model 'a' takes").contains("--memory allows 1 MB");
    }

    @Test
    void aNameThatIsNoneInAnAddressIsRefused() {
        Ran ran = Ran.of(folder, "serve", "a b=" + bundle, "--port", "0");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.messages()).contains("'a b' cannot be a model's name").contains("NAME=FOLDER");
    }

    @Test
    void numbersOutOfRangeAreNamed() {
        for (String option : new String[] {"--port", "--max-delay", "--cache-size", "--drain", "--max-jobs"}) {
            Ran ran = Ran.of(folder, "serve", bundle, option, "-1");
            assertThat(ran.exitCode()).isEqualTo(2);
            assertThat(ran.messages()).contains(option + " must be 0 or more, not -1");
        }
        assertThat(Ran.of(folder, "serve", bundle, "--port", "70000").messages())
                .contains("--port must be 0 to 65535");
        assertThat(Ran.of(folder, "serve", bundle, "--max-batch-size", "0").messages())
                .contains("--max-batch-size must be 1");
    }

    @Test
    void aFolderForJobsMustTakeFiles() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Ran ran = Ran.of(
                folder,
                "serve",
                bundle,
                "--port",
                "0",
                "--jobs-dir",
                file.resolve("jobs").toString());
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.messages()).contains("is a file, not a folder");
    }

    @Test
    void securityThatCannotBeIsNamed() {
        String absent = folder.resolve("absent.yaml").toString();
        assertThat(Ran.of(folder, "serve", bundle, "--port", "0", "--api-key-file", absent)
                        .messages())
                .contains("There is no file of API keys")
                .contains("absent.yaml");
        assertThat(Ran.of(folder, "serve", bundle, "--rate-limit", "-1").messages())
                .contains("--rate-limit must be 0 or more");
        assertThat(Ran.of(folder, "serve", bundle, "--max-connections", "0").messages())
                .contains("--max-connections must be 1 or more");
        assertThat(Ran.of(folder, "serve", bundle, "--tls-key-file", absent).messages())
                .contains("given together or not at all");
        assertThat(Ran.of(folder, "serve", bundle, "--tls-client-ca-file", absent)
                        .messages())
                .contains("needs --tls-certificate-file");
    }

    @Test
    void whatTheServerShallTellOfItselfIsChecked() {
        assertThat(Ran.of(folder, "serve", bundle, "--log-format", "xml").messages())
                .contains("--log-format must be text or json, not 'xml'");
        assertThat(Ran.of(folder, "serve", bundle, "--log-inputs").messages()).contains("--log-inputs needs a log");
        assertThat(Ran.of(folder, "serve", bundle, "--log-file", "log", "--log-max-size", "0")
                        .messages())
                .contains("--log-max-size must be 1 or more");
        for (String option : new String[] {"--alert-webhook", "--otlp-endpoint"}) {
            for (String address : new String[] {"localhost:9093", "file:///tmp/x", "http://", "ht tp://x"}) {
                Ran ran = Ran.of(folder, "serve", bundle, option, address);
                assertThat(ran.exitCode()).isEqualTo(2);
                assertThat(ran.messages()).contains(option + " must be an address", "'" + address + "'");
            }
            assertThat(Ran.of(folder, "serve", bundle, option, "http://localhost:1", "--offline")
                            .messages())
                    .contains("--offline opens no connection");
        }
        Ran rules = Ran.of(folder, "serve", bundle, "--alert-rules", "no/such/rules.yaml");
        assertThat(rules.exitCode()).isEqualTo(2);
        assertThat(rules.messages()).contains("There is no file of alert rules no/such/rules.yaml");
        Ran ran = Ran.of(
                folder,
                "serve",
                bundle,
                "--log-file",
                folder.resolve("no/such/log").toString());
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.messages()).contains("The log cannot be written to", "no/such/log", "--log-file");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            Ran ran = Ran.of(folder, "serve", bundle, "--port", port);
            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.messages()).contains("cannot listen on 127.0.0.1:" + port);
        }
    }

    @Test
    @Tag("slow")
    void theServerAnswersUntilItIsInterrupted() throws Exception {
        try (var process = GraftProcess.start(folder, "serve", "tiny=" + bundle, "--port", "0")) {
            process.awaitMessage("serving");
            Matcher address = ADDRESS.matcher(process.messages());
            assertThat(address.find()).as(process.messages()).isTrue();
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(address.group(1) + "/predict"))
                                    .POST(BodyPublishers.ofString("{\"inputs\": \"card lost\"}"))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("\"label\":\"card\"", "\"label\":\"other\"");
            process.interrupt();
            assertThat(process.await()).isEqualTo(130);
            assertThat(process.messages()).contains("stopping").doesNotContain("should not have happened");
        }
    }
}
