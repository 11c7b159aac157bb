package dev.graft.train;

import dev.graft.InputException;
import dev.graft.data.LabelWords;
import dev.graft.graph.Depths;
import dev.graft.graph.Graph;
import dev.graft.task.TargetKind;
import dev.graft.tensor.Array;
import dev.graft.torch.Precision;
import dev.graft.torch.TorchSettings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A race over the training rows of a run: what is known beforehand, who runs, and what came of it. */
final class RaceRun {
    /** Rows a label beyond which contrast between rows is no way for few rows. */
    private static final int FEW_ROWS = 50;

    /** Rows a label up to which contrast is expected to gain: on the sets that were measured it did with 8, 10 and 30. */
    private static final int FAVOURED_ROWS = 30;

    private static final int FEWEST_ROWS = 16;
    private static final int FEWEST_ROWS_OF_A_LABEL = 3;

    private final TrainingJob job;
    private final Function<Precision, TorchSettings> settings;
    private final RaceTrack.Staging stages;
    private final Checkpoints checkpoints;

    RaceRun(
            TrainingJob job,
            Function<Precision, TorchSettings> settings,
            RaceTrack.Staging stages,
            Checkpoints checkpoints) {
        this.job = job;
        this.settings = settings;
        this.stages = stages;
        this.checkpoints = checkpoints;
    }

    /** What a race came to, and the frozen trunk that it began with. */
    record Outcome(Race.Result result, Recipe recipe, Prospects prospects, FrozenTrunk frozen) {}

    /** A job under a strategy that can be run: a race compares answers of one label a row alone, of others lp-ft is taken. */
    static TrainingJob settled(TrainingJob job) {
        TargetKind kind = job.task.target().kind();
        if (job.strategy == Strategy.AUTO && kind != TargetKind.SINGLE_LABEL) {
            job.strategy(Strategy.LP_FT)
                    .listener
                    .stage("strategies race over one label a row alone; --task " + kind.spelled()
                            + " is trained with lp-ft, other strategies on request");
        }
        return job;
    }

    /** @throws InputException if a race is asked for with what only a strategy that is named can mean, or wrong numbers */
    static void requireMeant(TrainingJob job) {
        if (job.strategy != Strategy.AUTO) {
            return;
        }
        if (!job.numbers().weightAveraging().equals(WeightAveraging.none())) {
            throw new InputException("--weight-averaging goes with a strategy that trains weights, such as --strategy"
                    + " full; --strategy auto may choose one that trains none");
        }
        if (!(job.validationShare >= 0 && job.testShare >= 0 && job.validationShare + job.testShare < 1)) {
            throw new InputException("--validation-share (" + job.validationShare + ") and --test-share ("
                    + job.testShare + ") must be 0 or more and less than 1 together");
        }
        full(job);
    }

    /** @throws InputException if the numbers do not fit so many training rows */
    static void requireRoom(TrainingJob job, int rows) {
        if (job.strategy == Strategy.AUTO) {
            full(job).requireRoom(rows);
        }
    }

    private static Policy full(TrainingJob job) {
        return Strategy.FULL.policy(job.numbers(Strategy.FULL), TrainingRun.ANY_BLOCKS, job.seed);
    }

    /**
     * Runs the race.
     *
     * @param began when the run did, in {@link System#nanoTime}
     */
    Outcome run(RaceTrack.Start start, Parts parts, long began) {
        int classes = start.labels().size();
        Course course = Course.of(parts.rows().labels(), classes, job.seed);
        RacePlace place = new RacePlace(checkpoints);
        double elapsed = place.elapsed();
        DoubleSupplier seconds = () -> elapsed + (System.nanoTime() - began) / 1e9;
        FrozenTrunk frozen = frozen(start, parts);
        Optional<LabelWords> words = job.labels.or(
                () -> LabelWords.spoken(start.labels(), job.task.table().file()));
        Optional<Array> vectors =
                words.map(labels -> new LabelHead(LabelMatching.STANDARD, settings.apply(Precision.FP32))
                        .vectors(start.headed(), start.encoder(), labels, start.labels()));
        Prospects prospects = Prospects.of(frozen, course, classes, vectors);
        job.listener.stage(prospects.sentence());
        Map<Strategy, Integer> field = new LinkedHashMap<>();
        prospects
                .worthwhile(field(start, course))
                .forEach(strategy -> field.put(
                        strategy,
                        recipe(job, strategy, course, Integer.MAX_VALUE).epochs()));
        List<Course.Round> rounds = course.rounds(
                field.values().stream().mapToInt(epochs -> epochs).max().orElse(1));
        Optional<Strategy> favoured = favoured(course.rows(), classes, field.keySet());
        job.listener.stage(plan(rounds, course, words.isPresent(), field.keySet(), favoured));
        Race.Track track = place.keeping(
                new RaceTrack(job, start, course, parts, frozen, vectors, settings, stages, place, seconds));
        List<Strategy> untrained = words.isPresent() ? List.of(Strategy.ZERO_SHOT) : List.of();
        double budget = job.budget.toMillis() / 1e3;
        Race.Result result =
                place.result(() -> new Race(track, course.rows(), budget, seconds, favoured, job.seed, job.listener)
                        .run(rounds, untrained, field));
        Recipe recipe = result.epochs() == 0
                ? job.numbers(result.winner())
                : recipe(job, result.winner(), course, result.epochs());
        return new Outcome(result, recipe, prospects, frozen);
    }

    private FrozenTrunk frozen(RaceTrack.Start start, Parts parts) {
        Policy policy = Strategy.HEAD.policy(job.numbers(Strategy.HEAD), Depths.of(start.headed()), job.seed);
        Graph trunk = policy.reading(start.headed());
        try (SplitStages own = stages.over(policy, trunk, parts.all())) {
            return new FrozenTrunk(own, trunk, parts, start.labels().names(), settings.apply(Precision.FP32), job.seed);
        }
    }

    /** Who is expected to win with so few rows a label, if it races. */
    static Optional<Strategy> favoured(int rows, int classes, Collection<Strategy> field) {
        return Optional.of(Strategy.FEW_SHOT)
                .filter(strategy -> rows <= FAVOURED_ROWS * classes && field.contains(strategy));
    }

    /** The strategies that can train the graph and may pay with so many rows. */
    private List<Strategy> field(RaceTrack.Start start, Course course) {
        int classes = start.labels().size();
        boolean few = course.rows() <= FEW_ROWS * classes
                && course.rows() >= Math.max(FEWEST_ROWS, FEWEST_ROWS_OF_A_LABEL * classes);
        return Race.FIELD.stream()
                .filter(strategy -> few || strategy != Strategy.FEW_SHOT)
                .filter(strategy -> able(strategy, course, start))
                .toList();
    }

    private boolean able(Strategy strategy, Course course, RaceTrack.Start start) {
        try {
            Policy policy = policy(job, strategy, recipe(job, strategy, course, 1), start);
            Graph graph = policy.on(start.headed());
            return policy.phases().stream()
                    .noneMatch(phase ->
                            Selected.trainable(graph, phase.trainable()).isEmpty());
        } catch (InputException unable) {
            return false;
        }
    }

    /** The numbers under which a contender trains: its own epochs or those that so many rows need, if none were asked for. */
    static Recipe recipe(TrainingJob job, Strategy strategy, Course course, int mostEpochs) {
        Recipe usual = strategy.recipe(job.task.table().rows().size());
        Recipe numbers = job.recipe.apply(usual.withEpochs(Math.min(usual.epochs(), Course.epochs(course.rows()))));
        return numbers.withEpochs(Math.min(numbers.epochs(), mostEpochs));
    }

    static Policy policy(TrainingJob job, Strategy strategy, Recipe recipe, RaceTrack.Start start) {
        return strategy.policy(recipe, Depths.of(start.headed()), job.seed)
                .among(start.labels().names());
    }

    private static String plan(
            List<Course.Round> rounds,
            Course course,
            boolean words,
            Collection<Strategy> field,
            Optional<Strategy> favoured) {
        String names = field.stream().map(Strategy::spelled).collect(Collectors.joining(", "));
        String stages = rounds.stream()
                .map(round -> round.epochs() + " epochs over " + round.rows() + " rows, judged by "
                        + round.folds().stream()
                                .mapToInt(fold -> course.judged(fold).length)
                                .sum())
                .collect(Collectors.joining("; the better half for "));
        return "plan: a race of " + (words ? "zero-shot, " : "") + "head, " + names + " for " + stages
                + "; the winner is trained on all " + course.rows() + " rows"
                + favoured.map(one -> "; with so few rows a label " + one.spelled()
                                + " wins unless they clearly say otherwise")
                        .orElse("");
    }
}
