package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.graft.Digest;
import dev.graft.bundle.Bundle;
import dev.graft.predict.Answer;
import dev.graft.predict.LabelProbability;
import dev.graft.predict.Predictor;
import dev.graft.torch.Processor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;

class TrainCommandTest {
    private static final double ROUNDING = 1e-4;

    @TempDir
    Path folder;

    private TinyModel model;
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    @BeforeEach
    void makeTheModel() throws IOException {
        model = TinyModel.in(folder);
    }

    private int graft(String... arguments) {
        return Main.run(
                new PrintStream(answers, true, StandardCharsets.UTF_8),
                new PrintStream(messages, true, StandardCharsets.UTF_8),
                arguments);
    }

    private String messages() {
        return messages.toString(StandardCharsets.UTF_8);
    }

    private void train(String output, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                model.rows(90).toString(),
                "--model",
                model.encoder().toString(),
                "--output",
                folder.resolve(output).toString()));
        arguments.addAll(List.of("--max-length", "20", "--threads", "1"));
        arguments.add("--allow-negative-transfer");
        arguments.addAll(List.of(more));
        if (!arguments.contains("--strategy") && !arguments.contains("head,bitfit")) {
            arguments.addAll(List.of("--strategy", "full"));
        }
        if (!arguments.contains("head")) {
            arguments.addAll(List.of("--epochs", "2", "--learning-rate", "5e-3"));
        }
        assertThat(graft(arguments.toArray(String[]::new))).as(messages()).isZero();
    }

    @Test
    void trainingMakesABundleThatAnswers() throws IOException {
        train("model");
        assertWhole(folder.resolve("model"));
        try (Predictor predictor = Predictor.open(folder.resolve("model"))) {
            Answer answer = predictor.predict("w0 w17 w18");
            assertThat(predictor.labels()).containsExactly("label 0", "label 1", "label 2");
            assertThat(predictor.labels()).contains(answer.label());
        }
        assertThat(answers.toString(StandardCharsets.UTF_8))
                .contains("bundle: " + folder.resolve("model"))
                .contains("next: graft predict");
        assertThat(folder.resolve("model.training")).doesNotExist();
    }

    @Test
    void theBundleSaysWhatTransferWasWorth() throws IOException {
        train("model");
        assertThat(folder.resolve("model/scores.json"))
                .content()
                .contains("\"controls\"", "random features + head", "frozen trunk + head", "FINE_TUNING");
        assertThat(folder.resolve("model/report.html")).content().contains("Transfer</h2>");
        assertThat(folder.resolve("model/policy.yaml")).content().contains("allow-negative-transfer: true");
    }

    @Test
    void theBundleHoldsTheRaceAndThePolicyItsWinner() throws IOException {
        train("model", "--strategy", "auto", "--budget", "5");
        assertThat(messages())
                .contains(
                        "3 labels; 72 rows to train on, 18 to test with",
                        "frozen features: accuracy of a head on 12 rows")
                .contains("plan: a race of zero-shot, head, few-shot, lp-ft for 2 epochs over 48 rows, judged by 72")
                .contains(
                        "race: head over 48 rows: validation accuracy",
                        "race: zero-shot, no rows",
                        "race: lp-ft, 2 epochs")
                .contains("it is trained on all training rows");
        assertThat(folder.resolve("model/scores.json"))
                .content()
                .contains(
                        "\"contender\": \"lp-ft\"",
                        "\"won\"",
                        "\"prospects\"",
                        "\"LogME\"",
                        "LEEP from the labels' words");
        assertThat(folder.resolve("model/report.html"))
                .content()
                .contains("Race</h2>", "validation accuracy of each contender by seconds");
        assertThat(folder.resolve("model/policy.yaml"))
                .content()
                .contains("validation-share")
                .doesNotContain("auto\"", "budget");
        assertThat(folder.resolve("model.training")).doesNotExist();
    }

    @Test
    void aSolvedHeadIsAnOrdinaryBundle() throws IOException {
        train("model", "--strategy", "head", "--cache-size", "0");
        assertWhole(folder.resolve("model"));
        assertThat(messages()).contains("strategy head: a head solved for on frozen features");
        assertThat(answers.toString(StandardCharsets.UTF_8)).contains("bundle: " + folder.resolve("model"));
        assertRepeats(folder.resolve("model"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"auto", "layered", "gradual", "lp-ft", "bitfit", "lora", "dora", "ia3", "bottleneck", "few-shot"
            })
    void everyStrategyIsRepeatedFromItsPolicy(String strategy) throws IOException {
        train("model", "--strategy", strategy, "--cache-size", "1MB");
        assertWhole(folder.resolve("model"));
        assertRepeats(folder.resolve("model"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"swa", "ema", "wise-ft"})
    void averagedWeightsAreAnOrdinaryBundle(String averaging) throws IOException {
        train("model", "--weight-averaging", averaging, "--strategy", "lp-ft", "--cache-size", "1MB");
        assertWhole(folder.resolve("model"));
        assertRepeats(folder.resolve("model"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "head", "few-shot"})
    void hiddenTokensOfOtherTextsAreLearnedBeforehand(String strategy) throws IOException {
        Path texts = Files.write(
                folder.resolve("texts.txt"),
                Files.readAllLines(model.rows(120)).stream()
                        .map(line -> line.split(",")[0])
                        .toList());
        train("model", "--strategy", strategy, "--unlabelled", texts.toString(), "--pretrain-epochs", "2");
        assertThat(messages())
                .contains("masked-language modelling first: at most 2 epochs over 115 texts; 6 others say how well");
        assertWhole(folder.resolve("model"));
        assertThat(Bundle.open(folder.resolve("model")).graph().weights().keySet())
                .noneMatch(name -> name.startsWith("language_model"));
        assertRepeats(folder.resolve("model"));
    }

    @Test
    void anEnsembleIsOneBundleWhoseProbabilitiesAreTheMean() throws IOException {
        train("head", "--strategy", "head", "--cache-size", "0");
        train("bitfit", "--strategy", "bitfit", "--cache-size", "0");
        train("both", "--ensemble", "head,bitfit", "--cache-size", "0");
        assertThat(messages()).contains("member 2 of 2: strategy bitfit, seed 42", "the mean of 2 members on");
        assertThat(folder.resolve("both.members")).doesNotExist();
        Map<String, Double> head = probabilities("head");
        Map<String, Double> bitfit = probabilities("bitfit");
        assertThat(probabilities("both"))
                .hasSize(3)
                .allSatisfy((label, probability) -> assertThat(probability)
                        .isCloseTo(
                                (Objects.requireNonNull(head.get(label)) + Objects.requireNonNull(bitfit.get(label)))
                                        / 2,
                                within(ROUNDING)));
        assertRepeats(folder.resolve("both"));
    }

    @Test
    void seedsMakeAnEnsembleToo() throws IOException {
        train("model", "--ensemble", "2", "--seed", "5");
        assertThat(messages()).contains("member 2 of 2: strategy full, seed 6");
        assertThat(probabilities("model")).hasSize(3);
        assertThat(folder.resolve("model/policy.yaml")).content().contains("ensemble: \"2\"");
    }

    private Map<String, Double> probabilities(String bundle) {
        try (Predictor predictor = Predictor.open(folder.resolve(bundle))) {
            return predictor.predict("w0 w17 w18 w40").all().stream()
                    .collect(Collectors.toMap(LabelProbability::label, LabelProbability::probability));
        }
    }

    @Test
    void thePolicyRepeatsTheTraining() throws IOException {
        train("model", "--dropout", "0.2", "--label-smoothing", "0.1", "--gradient-accumulation", "2", "--seed", "5");
        assertRepeats(folder.resolve("model"));
    }

    /** What is published is scored and recorded in float32, as it is served. */
    @Test
    void whatIsTrainedInBfloat16IsServedInFloat32() throws IOException {
        train("model", "--precision", "bf16");
        assertWhole(folder.resolve("model"));
        assertThat(folder.resolve("model/policy.yaml")).content().contains("precision: \"bf16\"");
        assertThat(graft(
                        "evaluate",
                        folder.resolve("model").toString(),
                        model.rows(40).toString()))
                .as(messages())
                .isZero();
    }

    @Test
    void thePolicySaysWhatTheAutomaticPrecisionWas() throws IOException {
        train("model", "--precision", "auto");
        assertThat(folder.resolve("model/policy.yaml"))
                .content()
                .contains(
                        "precision: \"" + Processor.present().fastestPrecision().spelled() + '"');
    }

    @Test
    void everyLineOfThePolicyIsAnOptionOfTheCommand() throws IOException {
        train("model");
        Map<?, ?> policy =
                new YAMLMapper().readValue(folder.resolve("model/policy.yaml").toFile(), Map.class);
        CommandSpec train = Objects.requireNonNull(
                        CommandModel.graft().getSubcommands().get("train"))
                .getCommandSpec();
        List<String> known = new ArrayList<>(List.of("data"));
        train.options().forEach(option -> known.add(option.longestName().substring(2)));
        assertThat(policy)
                .hasSizeGreaterThan(10)
                .allSatisfy((key, value) -> assertThat(known).contains(String.valueOf(key)));
    }

    @Test
    void everyNumberOfTheRecipeIsInThePolicy() throws IOException {
        train("model", "--classifier-dropout", "0.2", "--metric-for-best-model", "loss");
        String policy = Files.readString(folder.resolve("model/policy.yaml"));
        CommandSpec recipe = CommandSpec.forAnnotatedObject(new RecipeOptions());
        assertThat(recipe.options())
                .isNotEmpty()
                .allSatisfy(option ->
                        assertThat(policy).contains("\n" + option.longestName().substring(2) + ": "));
    }

    /** With the real encoder and all threads of the machine. */
    @Test
    @Tag("slow")
    void miniLmTrainsAndThePolicyRepeatsIt() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../examples/support.csv"));
        Path excerpt = Files.write(folder.resolve("support.csv"), excerpt(lines));
        int code = graft(
                "train",
                excerpt.toString(),
                "--epochs",
                "1",
                "--allow-negative-transfer",
                "--output",
                folder.resolve("model").toString());
        assertThat(code).as(messages()).isZero();
        assertWhole(folder.resolve("model"));
        assertRepeats(folder.resolve("model"));
    }

    private static List<String> excerpt(List<String> lines) {
        Map<String, Integer> seen = new java.util.HashMap<>();
        List<String> kept = new ArrayList<>(List.of(lines.get(0)));
        lines.stream()
                .skip(1)
                .filter(line -> line.chars().filter(c -> c == '"').count() % 2 == 0)
                .filter(line -> seen.merge(line.substring(line.lastIndexOf(',')), 1, Integer::sum) <= 5)
                .forEach(kept::add);
        return kept;
    }

    private static void assertWhole(Path bundle) {
        assertThat(Bundle.open(bundle).manifest().labels()).isNotEmpty();
        for (String file : List.of("scores.json", "report.html", "policy.yaml", "parity.json", "tokenizer.json")) {
            assertThat(bundle.resolve(file)).isNotEmptyFile();
        }
    }

    private void assertRepeats(Path bundle) {
        Path again = folder.resolve("again");
        int code = graft("train", "--config", bundle.resolve("policy.yaml").toString(), "--output", again.toString());
        assertThat(code).as(messages()).isZero();
        assertThat(Digest.of(again.resolve("model.onnx"))).isEqualTo(Digest.of(bundle.resolve("model.onnx")));
    }
}
