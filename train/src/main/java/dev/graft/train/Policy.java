package dev.graft.train;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.rewrite.AdapterMethod;
import dev.graft.rewrite.LayerFeatures;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a network is trained, as data; the loop reads this and nothing else.
 *
 * @param probe solves for the head before the first phase, where there is one
 * @param matching makes the head of what the labels are called, where that is how
 * @param adapter the weights that are added to the graph before training, if any
 * @param labelRows whether the labels' words are learned as rows beside those of the data, where all labels have words
 * @param encoderPhases in which the encoder is trained by itself, before a head is made for it; none is usual
 * @param phases in order; at least one where the head comes of neither probe nor matching
 * @param batchSize rows that pass through the network together, 1 or more
 * @param gradientAccumulation batches whose gradients are added up before a step, 1 or more
 * @param weightDecay the optimizer's, decoupled but for SGD (Loshchilov and Hutter 2019); biases and norm weights are
 *     exempt
 * @param labelSmoothing share of each target that is spread over all classes (Szegedy et al. 2016), 0 up to 1
 * @param dropout share of values that training zeroes where the encoder's authors did (Srivastava et al. 2014), 0 up to 1
 * @param maxGradNorm the gradient is scaled down to this norm (Pascanu et al. 2013); 0 turns clipping off
 * @param earlyStoppingPatience epochs without a better validation score after which training ends; 0 never does
 * @param weightAveraging how the weights that are kept are made of those that training passes through
 * @param techniques beside these: the optimizer and its like
 * @param seed of everything random
 */
public record Policy(
        Optional<Probe> probe,
        Optional<LabelMatching> matching,
        Optional<AdapterMethod> adapter,
        boolean labelRows,
        List<Phase> encoderPhases,
        List<Phase> phases,
        int batchSize,
        int gradientAccumulation,
        double weightDecay,
        double labelSmoothing,
        double dropout,
        double maxGradNorm,
        int earlyStoppingPatience,
        WeightAveraging weightAveraging,
        Techniques techniques,
        long seed) {
    public Policy {
        encoderPhases = List.copyOf(encoderPhases);
        phases = List.copyOf(phases);
        require(!phases.isEmpty() || probe.isPresent() || matching.isPresent(), "phases", "one phase or more", 0);
        if (phases.isEmpty() && encoderPhases.isEmpty() && !weightAveraging.equals(WeightAveraging.none())) {
            throw new InputException("--weight-averaging " + weightAveraging.spelled()
                    + " averages weights that are trained step by step, but this strategy trains none; leave it out");
        }
        require(batchSize >= 1, "--batch-size", "1 or more", batchSize);
        require(gradientAccumulation >= 1, "--gradient-accumulation", "1 or more", gradientAccumulation);
        require(weightDecay >= 0 && weightDecay < 1, "--weight-decay", "from 0 to less than 1", weightDecay);
        require(
                labelSmoothing >= 0 && labelSmoothing < 1,
                "--label-smoothing",
                "from 0 to less than 1",
                labelSmoothing);
        techniques.requireFit(labelSmoothing, dropout);
        techniques.regularisers().requireFit(techniques.loss());
        require(dropout >= 0 && dropout < 1, "--dropout", "from 0 to less than 1", dropout);
        require(maxGradNorm >= 0, "--max-grad-norm", "0 or more", maxGradNorm);
        require(earlyStoppingPatience >= 0, "--early-stopping-patience", "0 or more", earlyStoppingPatience);
    }

    /** A policy without a probe. */
    public Policy(
            List<Phase> phases,
            int batchSize,
            int gradientAccumulation,
            double weightDecay,
            double labelSmoothing,
            double dropout,
            double maxGradNorm,
            int earlyStoppingPatience,
            long seed) {
        this(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(),
                phases,
                batchSize,
                gradientAccumulation,
                weightDecay,
                labelSmoothing,
                dropout,
                maxGradNorm,
                earlyStoppingPatience,
                WeightAveraging.none(),
                Techniques.DEFAULT,
                seed);
    }

    /** A policy with the numbers of a recipe; one that trains the encoder first shows it the labels' words too. */
    static Policy of(
            Recipe recipe,
            long seed,
            Optional<Probe> probe,
            Optional<LabelMatching> matching,
            Optional<AdapterMethod> adapter,
            List<Phase> encoderPhases,
            List<Phase> phases) {
        return new Policy(
                probe,
                matching,
                adapter,
                !encoderPhases.isEmpty(),
                encoderPhases,
                phases,
                recipe.batchSize(),
                recipe.gradientAccumulation(),
                recipe.weightDecay(),
                recipe.labelSmoothing(),
                recipe.dropout(),
                recipe.maxGradNorm(),
                recipe.earlyStoppingPatience(),
                recipe.weightAveraging(),
                recipe.techniques(),
                seed);
    }

    /** A graph with a head as this policy reads it. */
    Graph reading(Graph headed) {
        return probe.isPresent() ? new LayerFeatures().apply(headed) : headed;
    }

    /** A graph with a head as this policy trains it. */
    Graph on(Graph headed) {
        Graph read = reading(headed);
        return adapter.map(method -> method.apply(read)).orElse(read);
    }

    /** Whether rows that are held out decide more than which epoch is kept. */
    boolean needsValidation() {
        return !phases.isEmpty() && !weightAveraging.interpolations().isEmpty();
    }

    /** This policy for answers that need not be classes. */
    Policy toward(Objective answers) {
        return with(adapter, phases.stream().map(phase -> phase.toward(answers)).toList(), techniques);
    }

    /**
     * This policy once it is known which labels there are.
     *
     * @throws InputException if one is weighed that is not among them
     */
    Policy among(List<String> labels) {
        return with(adapter, phases, techniques.among(labels));
    }

    /** This policy with another adapter. */
    Policy withAdapter(AdapterMethod other) {
        return with(Optional.of(other), phases, techniques);
    }

    /** This policy with other techniques. */
    Policy withTechniques(Techniques others) {
        return with(adapter, phases, others);
    }

    private Policy with(Optional<AdapterMethod> method, List<Phase> stages, Techniques others) {
        return new Policy(
                probe,
                matching,
                method,
                labelRows,
                encoderPhases,
                stages,
                batchSize,
                gradientAccumulation,
                weightDecay,
                labelSmoothing,
                dropout,
                maxGradNorm,
                earlyStoppingPatience,
                weightAveraging,
                others,
                seed);
    }

    /** All epochs of all phases. */
    public int epochs() {
        return phases.stream().mapToInt(Phase::epochs).sum();
    }

    /** The training of the encoder by itself, as a policy of its own, to the weights of its last epoch or their mean. */
    Policy ofTheEncoder() {
        return new Policy(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(),
                encoderPhases,
                batchSize,
                gradientAccumulation,
                weightDecay,
                0,
                dropout,
                maxGradNorm,
                earlyStoppingPatience,
                weightAveraging.interpolations().isEmpty() ? weightAveraging : WeightAveraging.none(),
                techniques,
                seed);
    }

    /**
     * Refuses a phase whose rate would still be rising when it ends.
     *
     * @param rows that each epoch goes over
     * @throws InputException if there is one
     */
    void requireRoom(int rows) {
        int rowsOfAStep = Math.multiplyExact(batchSize, gradientAccumulation);
        for (Phase phase :
                Stream.concat(encoderPhases.stream(), phases.stream()).toList()) {
            long steps = (long) phase.epochs() * ((rows + rowsOfAStep - 1) / rowsOfAStep);
            int rise = phase.schedule().warmup().steps();
            if (rise > 0 && rise >= steps) {
                throw new InputException("--warmup-steps " + rise + " is longer than phase '" + phase.name()
                        + "', which has " + steps + " steps (" + rows + " rows, " + rowsOfAStep + " a step, "
                        + phase.epochs() + " epochs); give fewer, or a --warmup-ratio");
            }
        }
    }

    private static void require(boolean holds, String option, String expected, Number came) {
        if (!holds) {
            throw new InputException(option + " must be " + expected + ", not " + came);
        }
    }
}
