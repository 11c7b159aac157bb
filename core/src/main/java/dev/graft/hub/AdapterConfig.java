package dev.graft.hub;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.InputException;
import dev.graft.bundle.Json;
import dev.graft.graph.Selector;
import dev.graft.rewrite.Adapter;
import dev.graft.rewrite.AdapterMethod;
import dev.graft.rewrite.Bottleneck;
import dev.graft.rewrite.Dora;
import dev.graft.rewrite.Ia3;
import dev.graft.rewrite.Lora;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Objects;

/** What PEFT's {@code adapter_config.json} says of an adapter, and what of it only Graft knows. */
final class AdapterConfig {
    private static final String TASK = "FEATURE_EXTRACTION";
    private static final List<String> HEAD = List.of("classifier");

    private AdapterConfig() {}

    /**
     * PEFT's properties of LoRA and DoRA.
     *
     * @param targetModules full names of the modules beside which branches stand
     * @param modulesToSave modules whose weights are in the adapter whole
     */
    record Branches(
            String peftType,
            String taskType,
            String baseModelNameOrPath,
            int r,
            double loraAlpha,
            double loraDropout,
            boolean useDora,
            List<String> targetModules,
            List<String> modulesToSave,
            String bias,
            boolean fanInFanOut,
            boolean inferenceMode) {}

    /** PEFT's properties of (IA)³; {@code feedforwardModules} are those whose operands are multiplied. */
    record Factors(
            String peftType,
            String taskType,
            String baseModelNameOrPath,
            List<String> targetModules,
            List<String> feedforwardModules,
            List<String> modulesToSave,
            boolean fanInFanOut,
            boolean inferenceMode) {}

    /** The properties of bottleneck adapters, which PEFT does not know. */
    record Layers(
            String peftType,
            String taskType,
            String baseModelNameOrPath,
            int width,
            List<String> targetModules,
            List<String> modulesToSave) {}

    /**
     * How an adapter finds its places in a graph.
     *
     * @param method {@code lora}, {@code dora}, {@code ia3} or {@code bottleneck}
     * @param targets selectors
     */
    record Places(String method, List<String> targets) {
        static Places of(AdapterMethod method) {
            if (method instanceof Lora lora) {
                return new Places("lora", List.of(lora.where().toString()));
            } else if (method instanceof Dora dora) {
                return new Places("dora", List.of(dora.lora().where().toString()));
            } else if (method instanceof Ia3 factors) {
                return new Places(
                        "ia3",
                        List.of(factors.outputs().toString(), factors.inputs().toString()));
            }
            return new Places(
                    "bottleneck", List.of(((Bottleneck) method).where().toString()));
        }

        /** The method, whose numbers PEFT's configuration holds. */
        AdapterMethod method(byte[] config, String source) {
            return switch (method) {
                case "lora" -> lora(Json.parse(config, source, Branches.class));
                case "dora" -> new Dora(lora(Json.parse(config, source, Branches.class)));
                case "ia3" -> new Ia3(target(0), target(1));
                case "bottleneck" ->
                    new Bottleneck(Json.parse(config, source, Layers.class).width(), target(0), 0);
                default ->
                    throw new InputException(source + ": there is no adapter method '" + method
                            + "'; known are lora, dora, ia3 and bottleneck");
            };
        }

        private Lora lora(Branches config) {
            return new Lora(config.r(), config.loraAlpha(), config.loraDropout(), target(0), 0);
        }

        private Selector target(int index) {
            if (targets.size() <= index) {
                throw new InputException("An adapter of the method '" + method + "' names " + (index + 1)
                        + " selectors or more, not " + targets);
            }
            return Selector.parse(targets.get(index));
        }
    }

    /** The name of the pretrained model that a configuration tells. */
    static String base(byte[] config, String source) {
        JsonNode name = Json.parse(config, source, JsonNode.class).path("base_model_name_or_path");
        if (!name.isTextual()) {
            throw new InputException(source + " lacks 'base_model_name_or_path', the name of the pretrained model");
        }
        return name.textValue();
    }

    /** The content of {@code adapter_config.json}. */
    static Object of(String base, Adapter adapter) {
        AdapterMethod method = adapter.method();
        if (method instanceof Ia3) {
            return factors(base, adapter);
        } else if (method instanceof Bottleneck layers) {
            return new Layers("BOTTLENECK", TASK, base, layers.width(), modules(adapter, Bottleneck.DOWN), HEAD);
        }
        boolean dora = method instanceof Dora;
        Lora lora = method instanceof Dora turned ? turned.lora() : (Lora) method;
        return new Branches(
                "LORA",
                TASK,
                base,
                lora.rank(),
                lora.alpha(),
                lora.dropout(),
                dora,
                modules(adapter, Lora.DOWN),
                HEAD,
                "none",
                false,
                true);
    }

    private static Factors factors(String base, Adapter adapter) {
        List<String> modules = modules(adapter, Ia3.FACTORS);
        List<String> read = modules.stream()
                .filter(module -> weight(adapter, module + Ia3.FACTORS).rank() == 2)
                .toList();
        return new Factors("IA3", TASK, base, modules, read, HEAD, false, true);
    }

    private static Array weight(Adapter adapter, String name) {
        return Objects.requireNonNull(adapter.weights().get(name), name);
    }

    private static List<String> modules(Adapter adapter, String ending) {
        return adapter.weights().keySet().stream()
                .filter(name -> name.endsWith(ending))
                .map(name -> name.substring(0, name.length() - ending.length()))
                .toList();
    }
}
