package dev.graft.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.InputException;
import dev.graft.graph.ValueInfo;
import dev.graft.task.TargetKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The two files by which Hugging Face's libraries open a bundle: {@code config.json}, {@code tokenizer_config.json}. */
final class HuggingFaceConfig {
    static final String CONFIG = "config.json";
    static final String TOKENIZER_CONFIG = "tokenizer_config.json";

    private static final long LARGEST_CONFIG = 16L << 20;
    private static final long LARGEST_TOKENIZER = 256L << 20;
    private static final String HEAD = "ForSequenceClassification";

    /** The special tokens by their use, under the names that the common tokenizers give them. */
    private static final Map<String, List<String>> SPECIAL = specialTokens();

    private HuggingFaceConfig() {}

    static void write(Path folder, BundleContents contents) throws IOException {
        JsonNode pretrained = contents.config()
                .map(file -> Json.tree(file, LARGEST_CONFIG))
                .orElseGet(JsonNodeFactory.instance::objectNode);
        if (!(pretrained instanceof ObjectNode config)) {
            throw new InputException(contents.config() + " is no JSON object");
        }
        Files.writeString(folder.resolve(CONFIG), Json.text(config(config, contents)));
        JsonNode tokenizer = Json.tree(contents.tokenizer(), LARGEST_TOKENIZER);
        Files.writeString(folder.resolve(TOKENIZER_CONFIG), Json.text(tokenizerConfig(tokenizer, contents)));
    }

    private static ObjectNode config(ObjectNode pretrained, BundleContents contents) {
        ObjectNode config = pretrained.deepCopy();
        config.remove(List.of("_name_or_path", "id2label", "label2id"));
        if (!config.hasNonNull("model_type")) {
            config.put("model_type", "bert");
        }
        config.putArray("architectures").add(architecture(pretrained) + HEAD);
        config.put("problem_type", TargetKind.ofTask(contents.task()).problemType());
        List<String> labels = contents.labels();
        ObjectNode names = config.putObject("id2label");
        ObjectNode numbers = config.putObject("label2id");
        for (int i = 0; i < labels.size(); i++) {
            names.put(Integer.toString(i), labels.get(i));
            numbers.put(labels.get(i), i);
        }
        return config;
    }

    /** The family's name in class names: what {@code BertModel} and {@code BertForMaskedLM} begin with. */
    private static String architecture(ObjectNode pretrained) {
        String named = pretrained.path("architectures").path(0).asText("BertModel");
        return named.replaceFirst("(Model|For[A-Z].*)$", "");
    }

    private static ObjectNode tokenizerConfig(JsonNode tokenizer, BundleContents contents) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("model_max_length", contents.encoder().maxLength());
        config.put("clean_up_tokenization_spaces", false);
        var inputs = config.putArray("model_input_names");
        contents.graph().inputs().stream().map(ValueInfo::name).forEach(inputs::add);
        SPECIAL.forEach((use, names) -> names.stream()
                .filter(name -> isSpecial(tokenizer, name))
                .findFirst()
                .ifPresent(name -> config.put(use, name)));
        return config;
    }

    private static boolean isSpecial(JsonNode tokenizer, String name) {
        for (JsonNode token : tokenizer.path("added_tokens")) {
            if (token.path("special").asBoolean()
                    && token.path("content").asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, List<String>> specialTokens() {
        var tokens = new LinkedHashMap<String, List<String>>();
        tokens.put("pad_token", List.of("[PAD]", "<pad>"));
        tokens.put("unk_token", List.of("[UNK]", "<unk>"));
        tokens.put("cls_token", List.of("[CLS]", "<s>"));
        tokens.put("sep_token", List.of("[SEP]", "</s>"));
        tokens.put("mask_token", List.of("[MASK]", "<mask>"));
        return tokens;
    }
}
