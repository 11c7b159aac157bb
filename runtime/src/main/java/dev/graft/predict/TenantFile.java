package dev.graft.predict;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.InputException;
import dev.graft.bundle.Json;
import dev.graft.bundle.Safetensors;
import dev.graft.graph.Selector;
import dev.graft.rewrite.BranchInputs;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An adapter's file as a trunk reads it: safetensors under the names of Hugging Face's PEFT, as {@code graft train
 * --save-adapter} writes them, for branches of low rank ("LoRA") and a head, or a head alone.
 *
 * @param base the name of the model that it was made for
 * @param baseDigest SHA-256 of that model's file
 * @param pooling how one vector is made of a text's tokens, as the file spells it
 * @param where the products beside which branches stand
 * @param factor of the branches
 * @param weights as in the file, under names without PEFT's prefix
 */
record TenantFile(
        Path file,
        String base,
        String baseDigest,
        String pooling,
        List<String> labels,
        Selector where,
        float factor,
        Map<String, Array> weights) {
    private static final String PREFIX = "base_model.model.";

    /**
     * Reads a file.
     *
     * @throws InputException if it is no adapter, or one of another kind
     */
    static TenantFile read(Path file) {
        Safetensors content = Safetensors.read(file);
        JsonNode config = part(file, content, "adapter_config");
        JsonNode graft = part(file, content, "graft");
        if (!config.path("peft_type").asText().equals("LORA")
                || config.path("use_dora").asBoolean(false)) {
            throw new InputException(file + " is an adapter of the kind " + config.path("peft_type")
                    + (config.path("use_dora").asBoolean(false) ? " with DoRA" : "")
                    + "; tenants share a trunk with LoRA, or with a head alone: serve it merged, as a bundle");
        }
        int rank = config.path("r").asInt(0);
        double alpha = config.path("lora_alpha").asDouble(0);
        var labels = new ArrayList<String>();
        graft.path("labels").forEach(label -> labels.add(label.asText()));
        JsonNode target = graft.has("target") ? graft.get("target") : graft.at("/places/targets/0");
        if (rank < 1 || !(alpha > 0) || labels.size() < 2 || !target.isTextual()) {
            throw new InputException(file + " does not say its rank, alpha, labels and target as adapters do; write it"
                    + " anew with graft train --save-adapter");
        }
        return new TenantFile(
                file,
                config.path("base_model_name_or_path").asText(),
                graft.path("base_sha256").asText(),
                graft.path("pooling").asText(),
                List.copyOf(labels),
                Selector.parse(target.asText()),
                (float) (alpha / rank),
                weights(file, content));
    }

    private static JsonNode part(Path file, Safetensors content, String key) {
        String json = content.metadata().get(key);
        if (json == null) {
            throw new InputException(file + " is no adapter that Graft wrote: its metadata lacks '" + key
                    + "'; 'graft train --strategy lora --save-adapter' writes one");
        }
        return Json.parse(json.getBytes(StandardCharsets.UTF_8), file + ", metadata '" + key + "'", JsonNode.class);
    }

    private static Map<String, Array> weights(Path file, Safetensors content) {
        Map<String, Array> weights = new LinkedHashMap<>();
        content.arrays().forEach((name, array) -> {
            String own = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
            boolean known =
                    BranchInputs.isBranch(own) || own.equals(ClassifierHead.WEIGHT) || own.equals(ClassifierHead.BIAS);
            int rank = own.equals(ClassifierHead.BIAS) ? 1 : 2;
            if (!known || array.type() != ElementType.FLOAT || array.rank() != rank) {
                throw new InputException(file + ": '" + name + "' is " + array
                        + "; an adapter holds lora_A, lora_B and a classifier, in float32");
            }
            weights.put(own, array);
        });
        return weights;
    }

    /** Whether it has branches, not a head alone. */
    boolean branched() {
        return weights.keySet().stream().anyMatch(BranchInputs::isBranch);
    }
}
