package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiDocumentTest {
    @TempDir
    static Path folder;

    private static Running server;
    private static JsonNode document;

    @BeforeAll
    static void start() throws Exception {
        server = Running.in(folder, Running.SETTINGS);
        document = Running.json(server.get("/docs/openapi.json"));
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static Map<String, Set<String>> described() {
        Map<String, Set<String>> described = new TreeMap<>();
        document.get("paths").properties().forEach(path -> {
            Set<String> methods = described.computeIfAbsent(path.getKey(), none -> new TreeSet<>());
            path.getValue().fieldNames().forEachRemaining(method -> methods.add(method.toUpperCase(Locale.ROOT)));
        });
        return described;
    }

    @Test
    void everyAddressIsDescribedAndEveryDescribedOneIsServed() {
        Map<String, Set<String>> served = new TreeMap<>();
        server.addresses().forEach((path, methods) -> {
            Set<String> names = served.computeIfAbsent(path, none -> new TreeSet<>());
            methods.forEach(method -> names.add(method.name()));
            if (names.contains("GET")) {
                names.remove("HEAD");
            }
        });
        assertThat(described()).isEqualTo(served);
    }

    /** {@code tools/check_openapi.py} recorded what schemathesis asked, and that it found nothing wrong. */
    @Test
    void everyOperationWasCheckedBySchemathesis() throws IOException {
        JsonNode checked;
        try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("/openapi/checked.json"))) {
            checked = new ObjectMapper().readTree(file);
        }
        assertThat(checked.get("failures").asInt()).isZero();
        assertThat(checked.get("requests").asInt()).isGreaterThan(1_000);
        Set<String> operations = new TreeSet<>();
        described().forEach((path, methods) -> methods.forEach(method -> operations.add(method + " " + path)));
        checked.get("operations").forEach(operation -> assertThat(operations).contains(operation.asText()));
        assertThat(checked.get("statuses").has("500")).isFalse();
        assertThat(checked.at("/statuses/503").asInt()).isLessThan(50);
    }

    @Test
    void everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
        List<String> references = new ArrayList<>();
        document.findValues("$ref").forEach(reference -> references.add(reference.asText()));
        assertThat(references)
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
        Set<String> components = new HashSet<>();
        document.get("components")
                .properties()
                .forEach(kind -> kind.getValue()
                        .fieldNames()
                        .forEachRemaining(name -> components.add("#/components/" + kind.getKey() + "/" + name)));
        assertThat(components).isEqualTo(new HashSet<>(references));
    }

    @Test
    void operationsHaveNamesOfTheirOwn() {
        List<String> names = document.get("paths").findValuesAsText("operationId");
        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(30);
    }

    @Test
    void thePageNamesEveryAddressAndNeedsNothingElse() throws Exception {
        HttpResponse<String> page = server.get("/docs");
        assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'");
        assertThat(page.body()).doesNotContain("http://", "https://", "<script", "$ref");
        assertThat(described().keySet())
                .allSatisfy(path -> assertThat(page.body()).contains(path));
    }

    @Test
    void otherMethodsAreToldWhatThereIs() throws Exception {
        for (String path : described().keySet()) {
            String address = path.replaceAll("\\{\\w+}", "x");
            HttpResponse<String> response =
                    server.send(server.request(address).method("PATCH", BodyPublishers.noBody()));
            assertThat(response.statusCode()).as(path).isEqualTo(405);
            Set<String> allowed = new TreeSet<>(
                    List.of(response.headers().firstValue("allow").orElseThrow().split(", ")));
            assertThat(allowed).as(path).containsAll(described().get(path));
        }
    }
}
