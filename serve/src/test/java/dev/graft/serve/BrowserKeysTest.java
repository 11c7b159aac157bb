package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A person with a browser looks at a server that asks for keys, by a key as the password of HTTP Basic. */
@Timeout(60)
class BrowserKeysTest {
    private static final String KEY = "3f9a77b1c0d2e4f6:=";
    private static final String HTML = "text/html,application/xhtml+xml,*/*;q=0.8";

    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    @TempDir
    static Path folder;

    private static Running server;

    @BeforeAll
    static void start() throws IOException {
        Path keys = Files.writeString(folder.resolve("keys.yaml"), "shop: \"" + KEY + "\"\n");
        server = Running.in(
                folder,
                Running.SETTINGS.withSecurity(new Security(
                        Optional.of(keys), 0, false, Optional.empty(), 100, Security.NONE.patience(), notice -> {})));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** What comes back on a socket of its own, as a browser writes it. */
    private static String raw(String method, String path, String headers) throws IOException {
        try (var socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n" + headers + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var head = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            Matcher length = LENGTH.matcher(head);
            assertThat(length.find()).as(head.toString()).isTrue();
            return head + new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aBrowserIsAskedForAPasswordAndShownThePage() throws IOException {
        String challenge = raw("GET", "/", "Accept: " + HTML + "\r\n");
        assertThat(challenge).startsWith("HTTP/1.1 401");
        assertThat(challenge)
                .containsIgnoringCase("www-authenticate: Basic realm=\"graft\", charset=\"UTF-8\"\r\n")
                .containsIgnoringCase("www-authenticate: Bearer realm=\"graft\"\r\n");
        String page = raw("GET", "/", "Accept: " + HTML + "\r\nAuthorization: " + basic("anyone", KEY) + "\r\n");
        assertThat(page).startsWith("HTTP/1.1 200").contains("<!DOCTYPE html>");
    }

    @Test
    void aClientThatAnswersTheChallengeItselfOpensEveryLinkOfThePage() throws Exception {
        HttpClient browser = HttpClient.newBuilder()
                .authenticator(new Authenticator() {
                    @Override
                    protected PasswordAuthentication getPasswordAuthentication() {
                        return new PasswordAuthentication("", KEY.toCharArray());
                    }
                })
                .build();
        for (String path : List.of("/", "/docs", "/metrics", "/alerts", "/info", "/v2")) {
            HttpResponse<String> response =
                    browser.send(server.request(path).header("Accept", HTML).build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).as(path).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong", "3f9a77b1c0d2e4f6:", "", "3f9a77b1c0d2e4f6:=x"})
    void anotherPasswordIsRefusedAndAskedForAgain(String password) throws IOException {
        String refused = raw("GET", "/", "Accept: " + HTML + "\r\nAuthorization: " + basic("a", password) + "\r\n");
        assertThat(refused).startsWith("HTTP/1.1 401").containsIgnoringCase("www-authenticate: Basic");
        assertThat(refused).doesNotContain(KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic ", "Basic ****", "Basic YTo=", "Basic /w==", "Digest x"})
    void whatIsNoPasswordIsRefused(String authorization) throws IOException {
        assertThat(raw("GET", "/", "Authorization: " + authorization + "\r\n")).startsWith("HTTP/1.1 401");
    }

    @Test
    void aPasswordThatTheBrowserKnowsChangesNothing() throws Exception {
        for (String path : List.of("/v2/repository/models/tiny/unload", "/predict", "/jobs")) {
            String answer = raw("POST", path, "Authorization: " + basic("anyone", KEY) + "\r\n");
            assertThat(answer).as(path).startsWith("HTTP/1.1 401").doesNotContainIgnoringCase("Basic");
        }
        assertThat(raw("DELETE", "/jobs/x", "Authorization: " + basic("anyone", KEY) + "\r\n"))
                .startsWith("HTTP/1.1 401");
        assertThat(server.send(server.request("/predict")
                                .header("Authorization", "Bearer " + KEY)
                                .POST(BodyPublishers.ofString("{\"inputs\": \"card\"}")))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aProgramIsNotAskedForAPassword() throws IOException {
        assertThat(raw("GET", "/metrics", "Accept: text/plain\r\n"))
                .startsWith("HTTP/1.1 401")
                .doesNotContainIgnoringCase("Basic");
    }

    @Test
    void aKeyInTheAddressIsNone() throws IOException {
        assertThat(raw("GET", "/?key=" + KEY, "")).startsWith("HTTP/1.1 401");
    }
}
