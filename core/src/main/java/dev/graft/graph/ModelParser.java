package dev.graft.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses the text form of models: header, main graph, functions. */
final class ModelParser {
    private static final long DEFAULT_OPSET = 17;

    private final GraphLexer lexer;
    private final BlockParser blocks;
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, Long> numbers = new LinkedHashMap<>();
    private final Map<String, Long> opsets = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    ModelParser(GraphLexer lexer) {
        this.lexer = lexer;
        this.blocks = new BlockParser(lexer);
    }

    Graph model() {
        if (lexer.take("<")) {
            entries();
        }
        if (opsets.isEmpty()) {
            opsets.put("", DEFAULT_OPSET);
        }
        Map<String, Long> sets = new LinkedHashMap<>(opsets);
        Header header = header();
        Block main = blocks.block();
        var functions = new ArrayList<Function>();
        while (lexer.kind() != GraphLexer.Kind.END) {
            functions.add(function());
        }
        return new Graph(main, sets, functions, header);
    }

    private Header header() {
        Header usual = Header.of(opsets.getOrDefault("", DEFAULT_OPSET));
        return new Header(
                numbers.getOrDefault("ir_version", usual.irVersion()),
                texts.getOrDefault("producer_name", ""),
                texts.getOrDefault("producer_version", ""),
                texts.getOrDefault("domain", ""),
                numbers.getOrDefault("model_version", 0L),
                texts.getOrDefault("doc_string", ""),
                metadata,
                Extras.NONE,
                "");
    }

    private void entries() {
        while (!lexer.take(">")) {
            String key = lexer.name();
            lexer.expect(":");
            switch (key) {
                case "opset_import" -> opsets();
                case "metadata_props" -> metadata();
                case "ir_version", "model_version" -> numbers.put(key, lexer.whole());
                default -> texts.put(key, lexer.text());
            }
            separator(">");
        }
    }

    private void opsets() {
        lexer.expect("[");
        while (!lexer.take("]")) {
            String domain = lexer.text();
            lexer.expect(":");
            opsets.put(domain, lexer.whole());
            separator("]");
        }
    }

    private void metadata() {
        lexer.expect("[");
        while (!lexer.take("]")) {
            String key = lexer.text();
            lexer.expect(":");
            metadata.put(key, lexer.text());
            separator("]");
        }
    }

    private void separator(String end) {
        if (!lexer.is(end)) {
            lexer.expect(",");
        }
    }

    private Function function() {
        texts.clear();
        opsets.clear();
        lexer.expect("<");
        entries();
        String name = lexer.name();
        var required = new ArrayList<String>();
        var defaults = new LinkedHashMap<String, Attribute>();
        if (lexer.take("<")) {
            while (!lexer.take(">")) {
                String attribute = lexer.name();
                if (lexer.is(":") || lexer.is("=")) {
                    defaults.put(attribute, blocks.attributes().afterName());
                } else {
                    required.add(attribute);
                }
                separator(">");
            }
        }
        List<String> inputs = blocks.namesInBrackets();
        lexer.expect("=>");
        List<String> outputs = blocks.namesInBrackets();
        return new Function(
                texts.getOrDefault("domain", ""),
                name,
                inputs,
                outputs,
                required,
                defaults,
                blocks.nodes(),
                opsets,
                Extras.NONE);
    }
}
