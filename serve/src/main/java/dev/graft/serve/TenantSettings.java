package dev.graft.serve;

import dev.graft.predict.Base;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tenants of one trunk: adapters that share an encoder in memory, each a model of its own to those who ask.
 *
 * @param adapters a folder of adapter files, NAME.safetensors or NAME/adapter_model.safetensors
 * @param pretrained the model that the first bundle was made of, where it can be found; adapters may be made for it, or for
 *     the bundle's own model
 */
public record TenantSettings(Path adapters, Optional<Base> pretrained) {}
