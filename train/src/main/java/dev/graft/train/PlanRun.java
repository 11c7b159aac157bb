package dev.graft.train;

import dev.graft.data.EncoderSettings;
import dev.graft.data.TextEncoder;
import dev.graft.graph.Depths;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.hub.FitCheck;
import dev.graft.hub.Hub;
import dev.graft.hub.Pretrained;
import dev.graft.task.Corpus;
import dev.graft.torch.Device;
import dev.graft.torch.NativeMemory;
import dev.graft.torch.Network;
import dev.graft.torch.Optimizer;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Finds out what a job is going to do and to take: all that comes before the first epoch, and a few small steps. */
final class PlanRun {
    private static final String IDS = "input_ids";

    /** Bytes that baselines, controls and the report take, which a plan does without: measured. */
    private static final long BESIDES = 48L << 20;

    private final TrainingJob job;
    private final OptionalLong limit;
    private final Strategy strategy;

    PlanRun(TrainingJob job, OptionalLong limit) {
        this.job = job;
        this.limit = limit;
        this.strategy = job.strategy == Strategy.AUTO ? Strategy.LP_FT : job.strategy;
    }

    TrainingPlan run() {
        Recipe recipe = job.numbers(strategy);
        Policy asked = job.adapterOptions.on(strategy.policy(recipe, TrainingRun.ANY_BLOCKS, job.seed), strategy);
        Corpus corpus = Corpora.of(job, asked);
        Corpora.requireHeldOut(job, asked, corpus);
        Pretrained pretrained = new Hub(job.hub).resolve(job.model);
        Graph trunk = Onnx.read(pretrained.model());
        int maxLength = EncoderSettings.of(recipe.maxLength()).maxLength();
        try (TextEncoder encoder =
                TextEncoder.open(new EncoderSettings(maxLength, pretrained.prefix()), pretrained.tokenizer())) {
            FitCheck.check(
                    trunk, encoder.vocabularySize(), pretrained.tokenizer().toString());
            FitCheck.checkLength(trunk, maxLength);
            Graph headed = corpus.head(pretrained.pooling(), job.seed).apply(trunk);
            Policy policy = policy(recipe, headed, asked).toward(Answers.objective(corpus.target()));
            Graph graph = policy.adapter()
                    .map(method -> method.apply(policy.reading(headed)))
                    .orElseGet(() -> policy.reading(headed));
            Selected.requireTrainable(graph, policy, strategy);
            List<String> inputs = graph.inputs().stream().map(ValueInfo::name).toList();
            TextRows rows =
                    new TextRows(Answers.learned(policy, corpus), corpus.target(), corpus.labels(), encoder, inputs);
            return plan(corpus, rows, recipe, policy, graph);
        }
    }

    private Policy policy(Recipe recipe, Graph headed, Policy asked) {
        return new Adapting(job, asked)
                .policy(job.adapterOptions.on(strategy.policy(recipe, Depths.of(headed), job.seed), strategy));
    }

    private TrainingPlan plan(Corpus corpus, TextRows rows, Recipe recipe, Policy policy, Graph graph) {
        Lengths lengths = Lengths.of(rows.lengths());
        var shape = new TrainingPlan.Shape(policy.batchSize(), lengths.longest(), policy.gradientAccumulation());
        Optional<StepForecast> asked = forecasts(rows, policy, graph, job.gradientCheckpointing);
        Optional<Forecast> forecast = asked.map(each -> each.of(shape));
        Optional<TrainingPlan.Change> change = Optional.empty();
        if (forecast.isPresent() && limit.isPresent() && forecast.get().peak() > limit.getAsLong()) {
            StepForecast again = job.gradientCheckpointing
                    ? asked.orElseThrow()
                    : forecasts(rows, policy, graph, true).orElseThrow();
            List<String> options = job.gradientCheckpointing ? List.of() : List.of("--gradient-checkpointing");
            change = again.change(shape, options, limit.getAsLong());
        }
        return new TrainingPlan(
                Plan.rows(policy, corpus),
                Plan.of(job.model, strategy, policy, graph, rows.size(), recipe.learningRate()),
                lengths,
                shape,
                forecast,
                asked.map(each -> OptionalDouble.of(each.seconds(rows.lengths(), policy)))
                        .orElseGet(() -> new FrozenPass(job, policy, graph).seconds(rows)),
                change,
                limit);
    }

    /** The costs of the phase that trains most; empty where no phase trains step by step. */
    private Optional<StepForecast> forecasts(TextRows rows, Policy policy, Graph graph, boolean checkpointing) {
        Optional<Phase> widest = policy.phases().stream().max(Comparator.comparingLong(phase -> numbers(graph, phase)));
        return widest.flatMap(phase -> forecasts(rows, policy, graph, phase, checkpointing));
    }

    private Optional<StepForecast> forecasts(
            TextRows rows, Policy policy, Graph graph, Phase phase, boolean checkpointing) {
        var libtorch = new Torch(
                new TorchSettings(Device.CPU, job.threads, job.precision, folder -> {}, checkpointing),
                Learnable.under(policy, graph));
        var optimizer = new Optimizer(
                Optimizers.of(policy.techniques().optimizer()), policy.weightDecay(), Selected.undecayed(graph));
        int longest = Lengths.of(rows.lengths()).longest();
        try (Network network = libtorch.prepare(graph)) {
            network.trainable(Selected.trainable(graph, phase.trainable()));
            network.expect(IDS, rows.distinctTokens());
            Optional<NativeMemory> before = NativeMemory.now();
            Optional<StepCost> cost =
                    StepCost.measure(network, rows, longest, phase.objective().loss(policy, rows), optimizer);
            NativeMemory.trim();
            Optional<NativeMemory> after = NativeMemory.now();
            long weights = bytes(graph.weights());
            return cost.map(each -> forecast(each, before.orElseThrow(), after.orElseThrow(), weights));
        }
    }

    /** What the steps left beside the optimizer's memory are copies of weights: in bfloat16, of those that do not learn. */
    private static StepForecast forecast(StepCost cost, NativeMemory before, NativeMemory after, long weights) {
        long left = after.allocated() - before.allocated();
        return new StepForecast(
                cost, after.resident() - left - weights + BESIDES, weights + Math.max(0, left - cost.optimizer()));
    }

    private static long numbers(Graph graph, Phase phase) {
        return Selected.trainable(graph, phase.trainable()).stream()
                .mapToLong(
                        name -> java.util.Objects.requireNonNull(graph.weights().get(name))
                                .elements())
                .sum();
    }

    private static long bytes(Map<String, dev.graft.tensor.Array> weights) {
        return weights.values().stream()
                .mapToLong(array -> array.bytes().remaining())
                .sum();
    }
}
