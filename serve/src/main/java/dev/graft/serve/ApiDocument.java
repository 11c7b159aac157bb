package dev.graft.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/**
 * The description of the HTTP interface in OpenAPI 3.1: a part for each area, with its own paths and components.
 *
 * <p>A test holds the paths to the addresses that are served, and these to the paths.
 */
final class ApiDocument {
    private static final List<String> PARTS = List.of("tei", "v2", "jobs", "watch", "server");
    private static final ObjectMapper JSON = new ObjectMapper();

    private ApiDocument() {}

    /**
     * The whole of it.
     *
     * @param model one that is offered, as an example
     */
    static ObjectNode whole(String model) {
        ObjectNode document = JSON.createObjectNode();
        document.put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Graft")
                .put("version", Version.text())
                .put(
                        "description",
                        "Bundles answer texts in the protocols of text-embeddings-inference and of the Open Inference"
                                + " Protocol, version 2. Errors are problem details (RFC 9457).");
        ObjectNode paths = document.putObject("paths");
        ObjectNode components = document.putObject("components");
        for (String name : PARTS) {
            JsonNode part = part(name);
            part.path("paths").properties().forEach(path -> paths.set(path.getKey(), path.getValue()));
            part.path("components")
                    .properties()
                    .forEach(
                            kind -> components.withObjectProperty(kind.getKey()).setAll((ObjectNode) kind.getValue()));
        }
        ((ObjectNode) components.at("/parameters/model")).put("example", model);
        return document;
    }

    private static JsonNode part(String name) {
        try (InputStream file =
                Objects.requireNonNull(ApiDocument.class.getResourceAsStream("openapi/" + name + ".json"), name)) {
            return JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
