package dev.graft.hub;

import dev.graft.rewrite.Adapter;
import dev.graft.rewrite.Lora;
import java.util.List;

/**
 * The properties of PEFT's {@code adapter_config.json} that say what an adapter is.
 *
 * @param targetModules full names of the modules beside which branches stand
 * @param modulesToSave modules whose weights are in the adapter whole
 */
record AdapterConfig(
        String peftType,
        String taskType,
        String baseModelNameOrPath,
        int r,
        double loraAlpha,
        List<String> targetModules,
        List<String> modulesToSave,
        String bias,
        boolean fanInFanOut,
        boolean inferenceMode) {

    static AdapterConfig of(String base, Adapter adapter) {
        List<String> modules = adapter.weights().keySet().stream()
                .filter(name -> name.endsWith(Lora.DOWN))
                .map(name -> name.substring(0, name.length() - Lora.DOWN.length()))
                .toList();
        return new AdapterConfig(
                "LORA",
                "FEATURE_EXTRACTION",
                base,
                adapter.rank(),
                adapter.alpha(),
                modules,
                List.of("classifier"),
                "none",
                false,
                true);
    }
}
