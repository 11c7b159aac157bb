package dev.graft.train;

import dev.graft.InputException;
import dev.graft.data.LabelWords;
import dev.graft.data.Table;
import dev.graft.graph.Depths;
import dev.graft.hub.HubSettings;
import dev.graft.hub.KnownModel;
import dev.graft.task.TextClassification;
import dev.graft.torch.Precision;
import dev.graft.torch.Processor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A training run: what is asked for, set one by one, then {@link #run}. */
public final class TrainingJob implements Cloneable {
    private static final long SEED = 42;
    private static final double VALIDATION_SHARE = 0.1;
    static final double TEST_SHARE = 0.2;

    final TextClassification task;
    Optional<Table> test = Optional.empty();
    String model = KnownModel.DEFAULT;
    Strategy strategy = Strategy.AUTO;
    Optional<LabelWords> labels = Optional.empty();
    Optional<Pretraining> pretraining = Optional.empty();
    UnaryOperator<Recipe> recipe = usual -> usual;
    UnaryOperator<Recipe> asked = usual -> usual;
    Duration budget = Duration.ofMinutes(10);
    double validationShare = VALIDATION_SHARE;
    double testShare = TEST_SHARE;
    long seed = SEED;
    OptionalLong splitSeed = OptionalLong.empty();
    List<Member> members = List.of();
    int threads = Runtime.getRuntime().availableProcessors();
    Precision precision = Processor.present().fastestPrecision();
    boolean gradientCheckpointing;
    Path output;
    AdapterOptions adapterOptions = AdapterOptions.DEFAULT;
    Optional<Path> adapter = Optional.empty();
    Optional<Path> saveAdapter = Optional.empty();
    boolean keepAdapter;
    Duration checkpointInterval = Duration.ofSeconds(30);
    boolean resume;
    boolean replace;
    boolean allowNegativeTransfer;
    Optional<dev.graft.run.Runtime> frozen = Optional.empty();
    FeatureCache featureCache = FeatureCache.standard();
    HubSettings hub = HubSettings.fromEnvironment();
    Listener listener = Listener.NONE;
    BooleanSupplier interrupted = () -> false;

    TrainingJob(TextClassification task) {
        this.task = task;
        String file = String.valueOf(task.table().file().getFileName());
        this.output = Path.of(file.replaceFirst("\\.[^.]+$", "") + "-model");
    }

    /** Rows to test on; otherwise a share of the task's own rows is held out. */
    public TrainingJob test(Table table) {
        this.test = Optional.of(table);
        return this;
    }

    /** The pretrained model: a known name, a path, or {@code hf:owner/name}; the default is {@code minilm}. */
    public TrainingJob model(String name) {
        this.model = name;
        return this;
    }

    /** The way to fine-tune; the default is {@link Strategy#AUTO}. */
    public TrainingJob strategy(Strategy way) {
        this.strategy = way;
        return this;
    }

    /** All labels in words, of which the rows may hold only some; without it they are known by the rows alone. */
    public TrainingJob labels(LabelWords words) {
        this.labels = Optional.of(words);
        return this;
    }

    /** Masked-language modelling on texts without labels, before the strategy begins. */
    public TrainingJob pretraining(Pretraining before) {
        this.pretraining = Optional.of(before);
        return this;
    }

    /** Models that are trained one after another and averaged in probability; the bundle holds all in one graph. */
    public TrainingJob ensemble(List<Member> averaged) {
        this.members = List.copyOf(averaged);
        return this;
    }

    /** The numbers of the training; the default is {@link Strategy#recipe(int)}. */
    public TrainingJob recipe(Recipe numbers) {
        recipe(usual -> numbers);
        this.asked = usual -> usual;
        return this;
    }

    /** What is made of the strategy's own numbers, whichever strategy a race chooses; {@link #run} refuses idle changes. */
    public TrainingJob recipe(UnaryOperator<Recipe> change) {
        this.recipe = change;
        this.asked = change;
        return this;
    }

    /**
     * What choosing among strategies and training the winner may take together; the default is 10 minutes.
     *
     * @throws InputException if it is not more than 0
     */
    public TrainingJob budget(Duration time) {
        if (time.isZero() || time.isNegative()) {
            throw new InputException("--budget must be more than 0 minutes, not " + time.toSeconds() / 60.0);
        }
        this.budget = time;
        return this;
    }

    /**
     * The shares of the rows that choose the best epoch and, without a test table, that are tested on. Where the first is
     * 0 the last epoch is kept. A race is judged by folds of its own instead.
     */
    public TrainingJob shares(double validation, double testing) {
        this.validationShare = validation;
        this.testShare = testing;
        return this;
    }

    /** The seed of everything random; the default is 42. */
    public TrainingJob seed(long number) {
        this.seed = number;
        return this;
    }

    /** Threads within an operator; the default is all processors. */
    public TrainingJob threads(int count) {
        this.threads = count;
        return this;
    }

    /** The type of the numbers computed with; the default is the fastest on this machine. */
    public TrainingJob precision(Precision type) {
        this.precision = type;
        return this;
    }

    /** Whether the way back computes values once more rather than keeping them: less memory, more time, the same model. */
    public TrainingJob gradientCheckpointing(boolean again) {
        this.gradientCheckpointing = again;
        return this;
    }

    /** The folder of the bundle; the default is the data file's name with {@code -model}. */
    public TrainingJob output(Path folder) {
        this.output = folder;
        return this;
    }

    /** The numbers and places of the adapter of {@link Strategy#LORA} and its like. */
    public TrainingJob adapterOptions(AdapterOptions options) {
        this.adapterOptions = options;
        return this;
    }

    /** The folder of an adapter that the training goes on from, which {@link #saveAdapter} wrote. */
    public TrainingJob adapter(Path folder) {
        this.adapter = Optional.of(folder);
        return this;
    }

    /** A folder for adapter and head beside the bundle; {@link dev.graft.hub.AdapterFile} puts them onto the model again. */
    public TrainingJob saveAdapter(Path folder) {
        this.saveAdapter = Optional.of(folder);
        return this;
    }

    /** Whether the adapter stays beside the weights in the bundle's model, rather than being taken into them. */
    public TrainingJob keepAdapter(boolean keep) {
        this.keepAdapter = keep;
        return this;
    }

    /** The time after which a checkpoint is written, at the end of the step; the default is 30 seconds. */
    public TrainingJob checkpointInterval(Duration interval) {
        this.checkpointInterval = interval;
        return this;
    }

    /** Whether to go on with a run that was interrupted, if there is one. */
    public TrainingJob resume(boolean goOn) {
        this.resume = goOn;
        return this;
    }

    /** Whether a bundle that stands in the output folder may be replaced. */
    public TrainingJob replace(boolean allowed) {
        this.replace = allowed;
        return this;
    }

    /** Whether a model that is worse than a cheaper way to the same answers is written all the same. */
    public TrainingJob allowNegativeTransfer(boolean allowed) {
        this.allowNegativeTransfer = allowed;
        return this;
    }

    /**
     * What runs the frozen part of the network in float32, whose results are computed once and kept; without it, and in
     * bfloat16, libtorch does.
     *
     * @param runtime is asked by as many threads at a time as the run has, so it should use one for each call
     */
    public TrainingJob frozen(dev.graft.run.Runtime runtime) {
        this.frozen = Optional.of(runtime);
        return this;
    }

    /** Where the results of the frozen part are kept between runs; the default is {@link FeatureCache#standard}. */
    public TrainingJob featureCache(FeatureCache cache) {
        this.featureCache = cache;
        return this;
    }

    /** Where pretrained models are looked for. */
    public TrainingJob hub(HubSettings settings) {
        this.hub = settings;
        return this;
    }

    /** Who is told what the run does. */
    public TrainingJob listener(Listener watcher) {
        this.listener = watcher;
        return this;
    }

    /** Asked after each step and each epoch; once it says true the run is kept and ends with {@link Interrupted}. */
    public TrainingJob interrupted(BooleanSupplier asked) {
        this.interrupted = asked;
        return this;
    }

    /** What decides the split of the rows: the run's seed, also for a member of an ensemble with another one. */
    long splitSeed() {
        return splitSeed.orElse(seed);
    }

    /** The run of a part of this one, of which others are told. */
    TrainingJob watchedBy(Listener watcher, BooleanSupplier asked) {
        return copy().listener(watcher).interrupted(asked);
    }

    /** Another job that asks for the same. */
    TrainingJob copy() {
        try {
            return (TrainingJob) clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The numbers of the training: those asked for, else the strategy's own. */
    Recipe numbers() {
        return numbers(strategy);
    }

    Recipe numbers(Strategy way) {
        return recipe.apply(way.recipe(task.table().rows().size()));
    }

    /** The policy that the strategy makes of the recipe for a graph of these depths. */
    public Policy policy(Depths depths) {
        return adapterOptions.on(strategy.policy(numbers(), depths, seed), strategy);
    }

    /**
     * Trains, scores and writes the bundle.
     *
     * @throws dev.graft.InputException if data, model or options are wrong
     * @throws Interrupted if the run was asked to stop
     */
    public TrainingResult run() {
        return members.isEmpty() ? new TrainingRun(this).run() : new EnsembleRun(this).run();
    }
}
