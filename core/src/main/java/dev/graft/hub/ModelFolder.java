package dev.graft.hub;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.Digest;
import dev.graft.InputException;
import dev.graft.bundle.Json;
import dev.graft.rewrite.Pooling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model in a folder that is laid out as Hugging Face's and sentence-transformers' are. */
final class ModelFolder {
    static final String TOKENIZER = "tokenizer.json";
    static final String CONFIG = "config.json";
    static final String POOLING = "1_Pooling/config.json";

    /** Where a model may be, the likelier place first. */
    static final List<String> MODELS = List.of("onnx/model.onnx", "model.onnx");

    private static final long LARGEST_CONFIG = 16L << 20;

    private ModelFolder() {}

    /** Whether a model and its tokenizer are there. */
    static boolean holdsModel(Path folder) {
        return Files.isRegularFile(folder.resolve(TOKENIZER))
                && MODELS.stream().map(folder::resolve).anyMatch(Files::isRegularFile);
    }

    static Pretrained resolve(String name, Path folder) {
        Path model = MODELS.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new InputException("The folder " + folder + " holds neither " + MODELS.get(0)
                        + " nor " + MODELS.get(1)
                        + "; export the model first, for example with `optimum-cli export onnx`"));
        return describe(name, model, folder);
    }

    static Pretrained file(String name, Path model) {
        if (!model.getFileName().toString().endsWith(".onnx")) {
            throw new InputException(model + " is no ONNX file; a model is an .onnx file or a folder that holds one");
        }
        return describe(name, model, model.toAbsolutePath().resolveSibling(""));
    }

    private static Pretrained describe(String name, Path model, Path folder) {
        Path tokenizer = folder.resolve(TOKENIZER);
        if (!Files.isRegularFile(tokenizer)) {
            throw new InputException(
                    "There is no " + TOKENIZER + " in " + folder + "; the tokenizer of the model is needed beside it");
        }
        Optional<Path> config = Optional.of(folder.resolve(CONFIG)).filter(Files::isRegularFile);
        return new Pretrained(name, model, tokenizer, config, pooling(folder), "", Digest.of(model), "");
    }

    /**
     * The pooling of sentence-transformers' own file; the mean where there is none.
     *
     * @throws InputException if the file asks for a pooling that Graft lacks
     */
    static Pooling pooling(Path folder) {
        Path file = folder.resolve(POOLING);
        if (!Files.isRegularFile(file)) {
            return Pooling.MEAN;
        }
        JsonNode config = Json.tree(file, LARGEST_CONFIG);
        if (config.path("pooling_mode_cls_token").asBoolean()) {
            return Pooling.FIRST_TOKEN;
        }
        if (config.path("pooling_mode_mean_tokens").asBoolean()) {
            return Pooling.MEAN;
        }
        throw new InputException(file + " asks for a pooling that is neither pooling_mode_mean_tokens nor"
                + " pooling_mode_cls_token; choose one of these with --pooling");
    }
}
