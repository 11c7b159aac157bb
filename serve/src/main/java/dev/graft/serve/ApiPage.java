package dev.graft.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** The description of the HTTP interface as a page to read, which needs no network and no script. */
final class ApiPage {
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;
            background:#fff}
            h1,h2{line-height:1.2}h2{margin-top:2.5rem}code,pre{font:13px/1.45 ui-monospace,monospace}
            pre{background:#f5f5f5;padding:.6rem;overflow-x:auto}summary{cursor:pointer;padding:.35rem 0}
            details{border-bottom:1px solid #ddd}details>:not(summary){margin-left:1.2rem}
            b.m{display:inline-block;width:4.5rem}table{border-collapse:collapse}
            td,th{text-align:left;vertical-align:top;padding:.15rem 1rem .15rem 0}
            @media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}pre{background:#242424}
            details{border-color:#444}a{color:#8bf}}
            """;

    private final JsonNode document;
    private final StringBuilder page = new StringBuilder();

    private ApiPage(JsonNode document) {
        this.document = document;
    }

    /** The page of a document in OpenAPI. */
    static String of(JsonNode document) {
        return new ApiPage(document).written();
    }

    private String written() {
        String title = document.at("/info/title").asText();
        page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
        text(title);
        page.append("</title><meta name=\"viewport\" content=\"width=device-width\"><style>")
                .append(STYLE)
                .append("</style></head><body><h1>");
        text(title + " " + document.at("/info/version").asText());
        page.append("</h1><p>");
        text(document.at("/info/description").asText());
        page.append("</p><p>For programs: <a href=\"/docs/openapi.json\">openapi.json</a></p>");
        tags().forEach((tag, operations) -> {
            page.append("<h2>");
            text(tag);
            page.append("</h2>").append(operations);
        });
        page.append("<h2>Schemas</h2>");
        document.at("/components/schemas").properties().forEach(each -> {
            page.append("<details id=\"").append(each.getKey()).append("\"><summary><code>");
            text(each.getKey());
            page.append("</code></summary>").append(schema(each.getValue())).append("</details>");
        });
        return page.append("</body></html>\n").toString();
    }

    private void text(String text) {
        page.append(escaped(text));
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private Map<String, StringBuilder> tags() {
        Map<String, StringBuilder> tags = new LinkedHashMap<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> tags.computeIfAbsent(
                                        method.getValue().at("/tags/0").asText(), none -> new StringBuilder())
                                .append(operation(method.getKey(), path.getKey(), method.getValue()))));
        return tags;
    }

    private String operation(String method, String path, JsonNode operation) {
        var html = new StringBuilder("<details><summary><b class=\"m\">")
                .append(method.toUpperCase(java.util.Locale.ROOT))
                .append("</b><code>")
                .append(escaped(path))
                .append("</code> ")
                .append(escaped(operation.path("summary").asText()))
                .append("</summary>");
        if (operation.has("description")) {
            html.append("<p>")
                    .append(escaped(operation.path("description").asText()))
                    .append("</p>");
        }
        if (operation.has("parameters")) {
            html.append("<table><tr><th>Parameter</th><th>In</th><th>Meaning</th></tr>");
            operation.path("parameters").forEach(parameter -> html.append(row(resolved(parameter))));
            html.append("</table>");
        }
        operation
                .at("/requestBody/content")
                .properties()
                .forEach(body -> html.append("<p>Body: <code>")
                        .append(escaped(body.getKey()))
                        .append("</code></p>")
                        .append(schema(body.getValue().path("schema"))));
        html.append("<table><tr><th>Status</th><th>When</th><th>Content</th></tr>");
        operation
                .path("responses")
                .properties()
                .forEach(response -> html.append(response(response.getKey(), resolved(response.getValue()))));
        return html.append("</table></details>").toString();
    }

    private static String row(JsonNode parameter) {
        return "<tr><td><code>" + escaped(parameter.path("name").asText()) + "</code></td><td>"
                + escaped(parameter.path("in").asText()) + "</td><td>"
                + escaped(parameter.path("description").asText()) + "</td></tr>";
    }

    private static String response(String status, JsonNode response) {
        var content = new StringBuilder();
        response.path("content").properties().forEach(each -> {
            content.append("<code>").append(escaped(each.getKey())).append("</code> ");
            content.append(links(escaped(each.getValue().path("schema").toString())));
        });
        return "<tr><td>" + escaped(status) + "</td><td>"
                + escaped(response.path("description").asText()) + "</td><td>" + content + "</td></tr>";
    }

    /** What a reference to a component leads to. */
    private JsonNode resolved(JsonNode value) {
        return value.has("$ref") ? document.at(value.get("$ref").asText().substring(1)) : value;
    }

    private static String schema(JsonNode schema) {
        return schema.isMissingNode() ? "" : "<pre>" + links(escaped(schema.toPrettyString())) + "</pre>";
    }

    /** Schemas that are named lead to where they stand. */
    private static String links(String escaped) {
        return escaped.replaceAll(
                "\\{\\s*&quot;\\$ref&quot;\\s*:\\s*&quot;#/components/schemas/(\\w+)&quot;\\s*}",
                "<a href=\"#$1\">$1</a>");
    }
}
