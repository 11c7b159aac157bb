package dev.graft.train;

import dev.graft.eval.Estimate;
import dev.graft.eval.Lap;
import dev.graft.eval.RowScores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Chooses a way to fine-tune by successive halving (Jamieson and Talwalkar 2016).
 *
 * <p>In each round a head on the frozen trunk learns from the rows of the round, then each contender that is left does.
 * Who is behind the best of them by more than the noise drops out, then the worse half of the rest. Before the last round
 * contenders have learned less than the winner will, while the head has learned all it can: there it leads by more only if
 * it does by two points more than the noise. A race ends early once one is ahead of all others by more than the noise, or
 * only one contender is left and is ahead of the head by a gain that is four times as probable as a loss.
 *
 * <p>A lap is begun only if it fits into what is left of the budget together with a final training that goes over as many
 * rows as the lap, in whole epochs: who wins by so much learning must not get less.
 */
final class Race {
    /** The strategies that race, those that promise most for their time first. */
    static final List<Strategy> FIELD = List.of(
            Strategy.FEW_SHOT, Strategy.LP_FT, Strategy.FULL, Strategy.GRADUAL, Strategy.LORA, Strategy.LAYERED);

    /** The share of rows by which a solved head may lead those who are not done learning. */
    private static final double HEAD_START = 0.02;

    private static final String SLOW = "it and the final training do not fit into the budget";
    private static final String DIVERGED = "its loss was no longer a number";
    private static final String HALVED = "in the worse half of its round";

    private final Track track;
    private final int rows;
    private final double budget;
    private final DoubleSupplier seconds;
    private final long seed;
    private final Listener listener;
    private final List<Lap> laps = new ArrayList<>();
    private final Map<Strategy, Standing> standings = new LinkedHashMap<>();
    private final Map<Strategy, Integer> mostEpochs = new LinkedHashMap<>();
    private final Optional<Strategy> favoured;

    /** Trains contenders. */
    interface Track {
        /**
         * How well a strategy does that learns from the rows of a round, on those that judge it.
         *
         * @param room seconds that it may take
         * @return empty where it would take longer
         * @throws Diverged if its loss is no longer a number
         */
        Optional<Heat> run(Strategy strategy, Course.Round round, double room);
    }

    /** What a lap came to, and when it began and ended, in seconds since the race began. */
    record Heat(RowScores scores, double began, double ended) {}

    /**
     * Who won, and the laps.
     *
     * @param epochs after which the winner's final training ends; 0 for a head that is solved for
     */
    record Result(Strategy winner, int epochs, List<Lap> laps) {}

    /** A contender's last lap. */
    private record Standing(int lap, Heat heat, Estimate gain, double secondsOfAPass) {}

    /**
     * @param rows of which the winner is to be trained
     * @param budget seconds that the race and the final training may take together
     * @param seconds since the race began
     * @param favoured which is known to gain with so few rows, so that another wins only by what outweighs that
     */
    Race(
            Track track,
            int rows,
            double budget,
            DoubleSupplier seconds,
            Optional<Strategy> favoured,
            long seed,
            Listener listener) {
        this.track = track;
        this.rows = rows;
        this.budget = budget;
        this.seconds = seconds;
        this.favoured = favoured;
        this.seed = seed;
        this.listener = listener;
    }

    /**
     * Runs the race.
     *
     * @param untrained that take no time and so are asked in the first round alone, the head apart
     * @param contenders that are trained, each for so many epochs at most, however long a round is
     */
    Result run(List<Course.Round> rounds, List<Strategy> untrained, Map<Strategy, Integer> contenders) {
        mostEpochs.putAll(contenders);
        List<Strategy> field = List.copyOf(contenders.keySet());
        for (Course.Round round : rounds) {
            if (!lap(Strategy.HEAD, round)) {
                throw new IllegalStateException("The head is solved for whatever the time");
            }
            List<Strategy> ran = new ArrayList<>();
            if (round.number() == 0) {
                untrained.stream().filter(strategy -> lap(strategy, round)).forEach(ran::add);
            }
            field.stream().filter(strategy -> lap(strategy, round)).forEach(ran::add);
            dropBehind(ran, round.number() == rounds.size() - 1 ? 0 : HEAD_START);
            field = half(ran.stream().filter(contenders::containsKey).toList());
            if (field.isEmpty() || decided(ran) || foreseen(ran, field)) {
                break;
            }
        }
        return result();
    }

    /** Those of a contender in a round; 0 for what is not trained. */
    private int epochs(Strategy strategy, Course.Round round) {
        return Math.min(mostEpochs.getOrDefault(strategy, 0), round.epochs());
    }

    private boolean lap(Strategy strategy, Course.Round round) {
        int epochs = epochs(strategy, round);
        boolean trained = epochs > 0;
        double passes = (double) round.rows() * round.folds().size() * epochs;
        double room =
                trained ? (budget - seconds.getAsDouble()) / (1 + finalPasses(round.rows(), epochs) / passes) : budget;
        Standing before = standings.get(strategy);
        double expected = trained && before != null ? before.secondsOfAPass() * passes : 0;
        try {
            Optional<Heat> heat = expected > room ? Optional.empty() : track.run(strategy, round, room);
            heat.ifPresentOrElse(found -> add(strategy, round, found, passes), () -> leaves(strategy, SLOW));
            return heat.isPresent();
        } catch (Diverged unfit) {
            leaves(strategy, DIVERGED);
            return false;
        }
    }

    /** Rows that the final training goes over at least, each as often as it does. */
    private double finalPasses(int learned, int epochs) {
        return rows * Math.ceil((double) learned * epochs / rows);
    }

    private void add(Strategy strategy, Course.Round round, Heat found, double passes) {
        boolean trained = passes > 0;
        Estimate gain = strategy == Strategy.HEAD
                ? Lap.NO_GAIN
                : found.scores().gainOver(of(Strategy.HEAD).heat().scores(), seed);
        laps.add(new Lap(
                strategy.spelled(),
                strategy == Strategy.ZERO_SHOT ? 0 : round.rows(),
                epochs(strategy, round),
                found.began(),
                found.ended(),
                found.scores().mean(),
                gain,
                ""));
        double secondsOfAPass = trained ? (found.ended() - found.began()) / passes : 0;
        standings.put(strategy, new Standing(laps.size() - 1, found, gain, secondsOfAPass));
        listener.stage("race: " + laps.get(laps.size() - 1).sentence());
    }

    private void leaves(Strategy strategy, String why) {
        listener.stage("race: " + strategy.spelled() + ": " + why);
        end(strategy, why);
    }

    private void end(Strategy strategy, String why) {
        Standing standing = standings.get(strategy);
        if (standing != null) {
            laps.set(standing.lap(), laps.get(standing.lap()).ending(why));
        }
    }

    /** Ends those of a round that are behind its best by more than the noise, and takes them from the list. */
    private void dropBehind(List<Strategy> ran, double headStart) {
        Strategy leader = leader(ran);
        RowScores best = of(leader).heat().scores();
        double allowed = leader == Strategy.HEAD ? -headStart : 0;
        List<Strategy> behind = ran.stream()
                .filter(strategy -> strategy != leader
                        && of(strategy).heat().scores().gainOver(best, seed).high() < allowed)
                .toList();
        behind.forEach(strategy -> end(strategy, "behind " + leader.spelled() + " by more than the noise"));
        ran.removeAll(behind);
    }

    private Strategy leader(List<Strategy> ran) {
        Strategy leader = Strategy.HEAD;
        for (Strategy strategy : ran) {
            leader = accuracy(strategy) > accuracy(leader) ? strategy : leader;
        }
        return leader;
    }

    private double accuracy(Strategy strategy) {
        return laps.get(of(strategy).lap()).accuracy();
    }

    private List<Strategy> half(List<Strategy> left) {
        List<Strategy> best = new ArrayList<>(left);
        best.sort(Comparator.comparing(
                        (Strategy strategy) -> favoured.filter(strategy::equals).isEmpty())
                .thenComparingDouble(strategy -> -accuracy(strategy)));
        int places = Math.max(1, left.size() / 2);
        best.stream().skip(places).forEach(strategy -> end(strategy, HALVED));
        return best.stream().limit(places).toList();
    }

    /** Whether one is left that is ahead of the head by more than the noise, and all others have dropped out so. */
    private boolean decided(List<Strategy> left) {
        return left.size() == 1 && of(left.get(0)).gain().low() > 0;
    }

    /**
     * Whether one contender is left and leads with a gain that is not likely to be chance: it has learned no more than the
     * winner will, so a longer lap would confirm it at the price of the final training.
     */
    private boolean foreseen(List<Strategy> left, List<Strategy> field) {
        return field.size() == 1
                && leader(left) == field.get(0)
                && Odds.foreseen(of(field.get(0)).gain());
    }

    private Standing of(Strategy strategy) {
        return Objects.requireNonNull(standings.get(strategy), strategy.spelled());
    }

    /** The largest gain wins if it is probable; otherwise who is favoured does, or the head, which is the simplest. */
    private Result result() {
        Strategy usual = favoured.filter(this::running).orElse(Strategy.HEAD);
        Strategy winner = usual;
        for (Strategy strategy : standings.keySet()) {
            if (running(strategy) && gain(strategy) > gain(winner) && wins(strategy, usual)) {
                winner = strategy;
            }
        }
        for (Strategy strategy : standings.keySet()) {
            if (strategy == winner) {
                end(strategy, "won");
            } else if (ending(strategy).isEmpty()) {
                end(strategy, gain(strategy) < gain(winner) ? "behind the winner" : "its gain is not probable enough");
            }
        }
        return new Result(winner, finalEpochs(winner), List.copyOf(laps));
    }

    private boolean running(Strategy strategy) {
        return standings.containsKey(strategy)
                && (ending(strategy).isEmpty() || ending(strategy).equals(SLOW));
    }

    private String ending(Strategy strategy) {
        return laps.get(of(strategy).lap()).ending();
    }

    private double gain(Strategy strategy) {
        return of(strategy).gain().value();
    }

    private boolean wins(Strategy strategy, Strategy usual) {
        Estimate gain = of(strategy).gain();
        Standing known = of(usual);
        return usual == Strategy.HEAD
                ? Odds.probable(gain)
                : Odds.outweigh(gain, known.gain(), known.heat().scores().rows().length);
    }

    private int finalEpochs(Strategy winner) {
        double secondsOfAPass = of(winner).secondsOfAPass();
        if (secondsOfAPass == 0) {
            return 0;
        }
        double fitting = (budget - seconds.getAsDouble()) / (secondsOfAPass * rows);
        return (int) Math.max(1, Math.min(mostEpochs.getOrDefault(winner, 1), fitting));
    }
}
