package dev.graft.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.SafeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures small models of all kinds: inference on libtorch beside ONNX Runtime, and a training step of ResNet-20 beside
 * PyTorch. Writes the results into {@code bench/models.md}.
 *
 * <p>Arguments: the number of rounds, then any of {@code inference step}; without them both.
 */
public final class CompareModels {
    private static final String THREADS = "2";
    private static final String MARK = "<!-- results -->";

    /** The models with the shapes of one input each as their makers use them. */
    private static final Map<String, List<String>> MODELS = new LinkedHashMap<>();

    static {
        MODELS.put("fastestdet-coco", List.of("input.1=1,3,352,352"));
        MODELS.put("mcunet-imagenet", List.of("image=1,3,176,176"));
        MODELS.put("melspectrogram", List.of("input=1,16000"));
        MODELS.put("nnsplit-en", List.of("input=1,500"));
        MODELS.put("resnet20-cifar10", List.of("image=1,3,32,32"));
        MODELS.put("resnet56-cifar10", List.of("image=1,3,32,32"));
        MODELS.put("silero-vad-16k", List.of("input=1,576", "state=2,1,128", "sr="));
        MODELS.put("speech-embedding", List.of("input_1=1,76,32,1"));
        MODELS.put("squeezenet-features", List.of("image=1,3,224,224"));
        MODELS.put("super-resolution", List.of("input=1,1,224,224"));
        MODELS.put("ultraface-rfb-320", List.of("input=1,3,240,320"));
        MODELS.put("ultraface-slim-320", List.of("input=1,3,240,320"));
    }

    private final Places places = Places.fromEnvironment();
    private final int rounds;

    private CompareModels(int rounds) {
        this.rounds = rounds;
    }

    public static void main(String[] arguments) throws IOException {
        var compare = new CompareModels(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5);
        List<String> wanted =
                arguments.length > 1 ? List.of(arguments).subList(1, arguments.length) : List.of("inference", "step");
        StringBuilder results = new StringBuilder();
        for (String each : wanted) {
            results.append(
                    switch (each) {
                        case "inference" -> compare.inference();
                        case "step" -> compare.step();
                        default -> throw new IllegalArgumentException(each + " is neither inference nor step");
                    });
        }
        System.out.print(results);
        Path page = compare.places.root().resolve("bench/models.md");
        String text = Files.readString(page);
        SafeFile.write(
                page,
                text.substring(0, text.indexOf(MARK) + MARK.length()) + "\n\n" + ComparePeers.measured(compare.rounds)
                        + results);
    }

    private String inference() throws IOException {
        StringBuilder table = new StringBuilder(Comparison.HEADER);
        List<Double> ratios = new ArrayList<>();
        for (Map.Entry<String, List<String>> model : MODELS.entrySet()) {
            List<String> command = java(ModelInference.class);
            command.addAll(List.of(file(model.getKey()), String.valueOf(rounds), THREADS));
            command.addAll(model.getValue());
            List<Double> graft = new ArrayList<>();
            List<Double> peer = new ArrayList<>();
            for (JsonNode round :
                    Measured.run(command, Sides.ALLOCATOR, places.root()).lines()) {
                graft.add(1000 * round.get("libtorch_s").asDouble());
                peer.add(1000 * round.get("onnx_runtime_s").asDouble());
            }
            var comparison = new Comparison(
                    model.getKey() + " " + String.join(" ", model.getValue()) + ", ms",
                    "ONNX Runtime",
                    "0.5",
                    true,
                    graft,
                    peer);
            ratios.add(comparison.ratio());
            table.append(comparison.row());
        }
        return table + String.format(Locale.ROOT, "%nMedian ratio of inference: %.2f%n%n", Comparison.median(ratios));
    }

    private String step() throws IOException {
        List<Double> graft = new ArrayList<>();
        List<Double> peer = new ArrayList<>();
        String model = file("resnet20-cifar10");
        for (int i = 0; i < rounds; i++) {
            String script = places.root().resolve("bench/resnet_step.py").toString();
            peer.add(Measured.run(
                            List.of(places.python().toString(), script, model, "--threads", THREADS),
                            places.environment(),
                            places.root())
                    .figure("step_s_median"));
            List<String> command = java(ImageStep.class);
            command.add(model);
            graft.add(Measured.run(command, Sides.ALLOCATOR, places.root()).figure("step_s_median"));
        }
        return Comparison.HEADER
                + new Comparison(
                                "a training step of resnet20-cifar10, batch 64, AdamW, s",
                                "PyTorch, `resnet_step.py`",
                                "1.0",
                                true,
                                graft,
                                peer)
                        .row()
                + "\n";
    }

    private String file(String model) {
        return places.models().resolve(model + ".onnx").toString();
    }

    private static List<String> java(Class<?> program) {
        return new ArrayList<>(Sides.java(program));
    }
}
