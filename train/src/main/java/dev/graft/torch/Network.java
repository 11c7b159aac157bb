package dev.graft.torch;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** A graph bound to libtorch: a session that can also learn. Runs may go in parallel, learning goes alone. */
public final class Network implements Session {
    private final Graph source;
    private final Graph bound;
    private final Program program;
    private final Device device;
    private final Map<String, String> untrainable;
    private final Weights weights;
    private final Passes passes;
    private final OptimizerMemory memory;
    private final MovingAverage average = new MovingAverage();
    private final Anchors anchors = new Anchors();
    private final Learners learners;
    private final Set<String> changed = new LinkedHashSet<>();

    Network(Graph source, Graph bound, Program program, TorchSettings settings, Map<String, String> untrainable) {
        this.source = source;
        this.bound = bound;
        this.program = program;
        this.device = settings.device();
        this.untrainable = untrainable;
        this.weights = new Weights(program, device);
        this.learners = new Learners(bound, weights);
        this.memory = new OptimizerMemory(learners::rows);
        this.passes = new Passes(program, weights, device, settings.gradientCheckpointing());
    }

    @Override
    public Map<String, Array> run(Map<String, Array> inputs) {
        var outputs = new LinkedHashMap<String, Array>();
        compute(Content.of(inputs)).forEach((name, content) -> outputs.put(name, content.array(name)));
        return outputs;
    }

    /** What {@link #run} does, for graphs whose inputs and outputs may be sequences and optional values. */
    Map<String, Content> compute(Map<String, Content> inputs) {
        return compute(inputs, Tap.NONE);
    }

    /** Computes all outputs while somebody watches the nodes. */
    Map<String, Content> compute(Map<String, Content> inputs, Tap tap) {
        Inputs.check(source, inputs);
        learners.settle();
        return passes.forward(inputs, tap);
    }

    /**
     * The weights of real numbers that no loss over the outputs can reach, each with the reason: the nodes without a
     * gradient that stand between.
     */
    public Map<String, String> untrainable() {
        return untrainable;
    }

    /**
     * Names the weights that learning may change from now on; all others stay as they are. Gradients gathered so far are
     * dropped; what the optimizer remembers of a weight is kept for when the weight is trainable again.
     *
     * @throws GraphException if the graph has no such weight, one does not hold real numbers, or no gradient reaches one
     */
    public void trainable(Set<String> names) {
        for (String name : names) {
            Array array = source.weights().get(name);
            if (array == null || !array.type().isFloating()) {
                throw new GraphException(
                        array == null
                                ? "There is no weight '" + name + "' to train"
                                : "Weight '" + name + "' is " + array + "; only real numbers can be trained");
            }
        }
        Trainability.require(names, untrainable, program.names().graph());
        learners.choose(names);
        changed.addAll(learners.weights().keySet());
    }

    /**
     * Runs the graph in training mode and adds the loss's gradient to what the trainable weights have gathered.
     *
     * <p>A loss that is not finite adds nothing. Else the running averages of the nodes that learn move at once.
     *
     * @param targets what the loss compares its output with
     * @param scale a factor for the gradient: 1, or 1 divided by the number of batches a step gathers
     * @param seed decides all randomness of this call, whatever ran before
     */
    public LossValue learn(Map<String, Array> inputs, Array targets, Loss loss, double scale, long seed) {
        return learn(inputs, targets, loss.drawn(seed), scale, new Run(true, seed, device));
    }

    /** What attention over short texts keeps for the way back; over longer ones it keeps nothing. */
    public AttentionMemory attentionMemory() {
        return AttentionMemory.of(bound, passes.recomputing());
    }

    /**
     * Says what an input of whole numbers is going to bring: the rows that they name of trainable tables have all their
     * memory at once, as a forecast wants it, and not when they are first read.
     */
    public void expect(String input, long[] numbers) {
        learners.expect(input, numbers);
    }

    /** The bytes of what gathers gradients. */
    long trainableBytes() {
        return learners.all().values().stream().mapToLong(Tensor::nbytes).sum();
    }

    /** Learns while somebody watches the nodes. */
    void learn(Map<String, Array> inputs, Array targets, Loss loss, Tap tap) {
        learn(inputs, targets, loss.drawn(0), 1, new Run(true, 0, device).watchedBy(tap));
    }

    private LossValue learn(Map<String, Array> inputs, Array targets, Loss loss, double scale, Run run) {
        Map<String, Content> contents = Content.of(inputs);
        Inputs.check(source, contents);
        Losses.requireOutputs(loss, bound.outputs());
        Passes.Learned learned = passes.learn(contents, targets, loss, scale, run);
        changed.addAll(learned.moved());
        return learned.loss();
    }

    /**
     * Adds to the gathered gradients what pulls weights back to where they began (L2-SP; Li et al. 2018).
     *
     * @param strength the factor of the distance, more than 0
     * @param starts the weights that are pulled, as they began
     */
    public void pull(double strength, Map<String, Array> starts) {
        Gradients.recording(false, () -> {
            learners.join(memory::spread);
            anchors.pull(learners.all(), strength, starts);
            return strength;
        });
    }

    /**
     * Scales the gathered gradients so that their common Euclidean norm is at most a bound.
     *
     * @return the norm before; not a number or infinite where a gradient is, and then {@link #step} must not be called
     */
    public double clip(double maxNorm) {
        return Gradients.recording(false, () -> Gradients.clip(learners.all().values(), maxNorm));
    }

    /** Drops the gathered gradients. */
    public void clear() {
        Gradients.clear(learners.all().values());
    }

    /** Moves the trainable weights by their gathered gradients, at a learning rate each, and drops the gradients. */
    public void step(Optimizer settings, ToDoubleFunction<String> rateOfWeight) {
        Gradients.recording(false, () -> {
            if (!settings.rule().byNumber()) {
                learners.join(memory::spread);
            }
            memory.step(learners.all(), settings, rateOfWeight);
            learners.moved();
            return settings;
        });
        clear();
    }

    /**
     * Moves the running average of each trainable weight towards it; the first average is the weight itself.
     *
     * @param share of the difference that the average moves by, 0 to 1
     */
    public void average(double share) {
        Gradients.recording(false, () -> {
            learners.settle();
            average.take(learners.weights(), share);
            return share;
        });
    }

    /** Copies of the running averages by weight; empty where none was asked for. */
    public Map<String, Array> averages() {
        return average.state(Tensors::array);
    }

    /** What {@link #averages} gives, read where it lies: valid until the network averages, loads or is closed. */
    public Map<String, Array> averagesInPlace() {
        return average.state(Tensors::inPlace);
    }

    /** Takes up what {@link #averages} gave, as far as the graph has the weights. */
    public void loadAverages(Map<String, Array> averages) {
        average.load(averages, weights.floating());
    }

    /** Copies of all weights that were ever trainable and of the running averages that learning moved, by name. */
    public Map<String, Array> weights() {
        return weights(Tensors::array);
    }

    /** What {@link #weights} gives, read where it lies: valid until the network learns, loads or is closed. */
    public Map<String, Array> weightsInPlace() {
        return weights(Tensors::inPlace);
    }

    private Map<String, Array> weights(Function<Tensor, Array> reading) {
        var read = new LinkedHashMap<String, Array>();
        learners.settle();
        try (PointerScope scope = new PointerScope()) {
            changed.forEach(name -> read.put(name, reading.apply(weights.named(name))));
        }
        return read;
    }

    /**
     * Goes back to what {@link #weights} once gave: weights that learning has changed since, and which are not among
     * these, hold again what the graph came with.
     *
     * @throws dev.graft.GraftException if a weight is unknown, or of another type or shape
     */
    public void load(Map<String, Array> arrays) {
        arrays.keySet().forEach(weights::named);
        changed.addAll(arrays.keySet());
        var all = new LinkedHashMap<>(source.weights());
        all.putAll(arrays);
        learners.settle();
        changed.forEach(name -> Tensors.copy(name, Objects.requireNonNull(all.get(name)), weights.named(name)));
        learners.refresh();
    }

    /** A copy of what the optimizer remembers, to go on later exactly as if nothing had happened. */
    public Map<String, Array> optimizerState() {
        return memory.state(Tensors::array);
    }

    /** What {@link #optimizerState} gives, read where it lies: valid until the network learns, loads or is closed. */
    public Map<String, Array> optimizerStateInPlace() {
        return memory.state(Tensors::inPlace);
    }

    /**
     * Takes up what {@link #optimizerState} gave; one that does not fit the weights or the optimizer fails the next step.
     */
    public void loadOptimizerState(Map<String, Array> state) {
        learners.recall(state, memory::spread);
        memory.load(state, weights.floating().keySet());
    }

    /** The graph as it was given, with the present weights. */
    public Graph graph() {
        var all = new LinkedHashMap<>(source.weights());
        all.putAll(weights());
        return source.withWeights(all);
    }

    /** How many nodes of each fused operator took the place of others, by operator. */
    public Map<String, Long> fusedNodes() {
        return bound.nodes().stream()
                .filter(node -> node.domain().equals(FusedOperators.DOMAIN))
                .collect(Collectors.groupingBy(Node::operator, TreeMap::new, Collectors.counting()));
    }

    @Override
    public void close() {
        memory.close();
        average.close();
        anchors.close();
        learners.close();
        weights.close();
    }
}
