package dev.graft.hub;

import dev.graft.rewrite.Pooling;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A pretrained text encoder in local files.
 *
 * @param name as it was asked for
 * @param model an ONNX file
 * @param tokenizer a {@code tokenizer.json}
 * @param config a {@code config.json}, where there is one
 * @param pooling how the model's makers make one vector of a text's tokens
 * @param prefix what its makers put before every text; usually empty
 * @param digest SHA-256 of the model file, 64 hexadecimal digits
 * @param licence SPDX identifier; empty where it is not known
 */
public record Pretrained(
        String name,
        Path model,
        Path tokenizer,
        Optional<Path> config,
        Pooling pooling,
        String prefix,
        String digest,
        String licence) {}
