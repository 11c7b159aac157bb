package dev.graft.train;

import dev.graft.eval.Comparison;
import dev.graft.eval.Estimate;
import dev.graft.eval.Lap;
import dev.graft.eval.Predictions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Chooses a way to fine-tune by successive halving (Jamieson and Talwalkar 2016).
 *
 * <p>The head goes first. The field then trains for one epoch each, the better half of it for three, the better half of
 * that for eight; each time the schedule is a whole one. A lap is begun only if it and the final training of the same
 * length fit into what is left of the budget. From three epochs on, who is behind the head by more than the noise drops
 * out.
 */
final class Race {
    /** The strategies that race, those that promise most for their time first. */
    static final List<Strategy> FIELD =
            List.of(Strategy.LP_FT, Strategy.LORA, Strategy.FULL, Strategy.GRADUAL, Strategy.LAYERED);

    private static final int[] ROUNDS = {1, 3, 8};
    private static final int JUDGED_FROM = 3;
    private static final String SLOW = "it and the final training do not fit into the budget";
    private static final String BEHIND = "behind the head by more than the noise";
    private static final String HALVED = "in the lower half of its round";

    private final Track track;
    private final double budget;
    private final DoubleSupplier seconds;
    private final long seed;
    private final Listener listener;
    private final List<Lap> laps = new ArrayList<>();
    private final Map<Strategy, Double> secondsOfAnEpoch = new HashMap<>();

    /** Trains contenders. */
    interface Track {
        /**
         * What a strategy, trained for so many epochs, says of the rows by which the race is judged.
         *
         * @param epochs 0 for a head that is solved for
         * @param room seconds that it may take
         * @return empty where it would take longer
         */
        Optional<Predictions> run(Strategy strategy, int epochs, double room);
    }

    /** Who won, after how many epochs, and the laps. */
    record Result(Strategy winner, int epochs, List<Lap> laps) {}

    /**
     * @param budget seconds that the race and the final training may take together
     * @param seconds since the race began
     */
    Race(Track track, double budget, DoubleSupplier seconds, long seed, Listener listener) {
        this.track = track;
        this.budget = budget;
        this.seconds = seconds;
        this.seed = seed;
        this.listener = listener;
    }

    Result run(List<Strategy> contenders, int mostEpochs) {
        Predictions head = track.run(Strategy.HEAD, 0, budget).orElseThrow();
        add(new Lap(Strategy.HEAD.spelled(), 0, 0, seconds.getAsDouble(), accuracy(head), new Estimate(0, 0, 0), ""));
        List<Strategy> field = contenders;
        for (int round : ROUNDS) {
            int epochs = Math.min(round, mostEpochs);
            List<Ran> ran = round(field, epochs, head);
            field = survivors(ran, epochs);
            if (field.isEmpty() || epochs == mostEpochs) {
                break;
            }
        }
        return result();
    }

    private record Ran(Strategy strategy, int lap) {}

    private List<Ran> round(List<Strategy> field, int epochs, Predictions head) {
        List<Ran> ran = new ArrayList<>();
        for (Strategy strategy : field) {
            double began = seconds.getAsDouble();
            double room = (budget - began) / 2;
            double expected = secondsOfAnEpoch.getOrDefault(strategy, 0.0) * epochs;
            Optional<Predictions> said = expected > room ? Optional.empty() : track.run(strategy, epochs, room);
            if (said.isEmpty()) {
                tooSlow(strategy, epochs);
                continue;
            }
            double ended = seconds.getAsDouble();
            secondsOfAnEpoch.put(strategy, (ended - began) / epochs);
            Estimate gain = Comparison.paired(said.get(), head, seed).difference();
            add(new Lap(strategy.spelled(), epochs, began, ended, accuracy(said.get()), gain, ""));
            ran.add(new Ran(strategy, laps.size() - 1));
        }
        return ran;
    }

    private void tooSlow(Strategy strategy, int epochs) {
        listener.stage("race: " + strategy.spelled() + ", " + epochs + (epochs == 1 ? " epoch: " : " epochs: ") + SLOW);
        for (int i = laps.size() - 1; i >= 0; i--) {
            if (laps.get(i).contender().equals(strategy.spelled())) {
                laps.set(i, laps.get(i).ending(SLOW));
                return;
            }
        }
    }

    private List<Strategy> survivors(List<Ran> ran, int epochs) {
        List<Ran> best = new ArrayList<>(ran);
        best.sort(Comparator.comparingDouble(one -> -laps.get(one.lap()).accuracy()));
        int places = Math.max(1, ran.size() / 2);
        List<Strategy> kept = new ArrayList<>();
        for (int place = 0; place < best.size(); place++) {
            Ran one = best.get(place);
            Lap lap = laps.get(one.lap());
            if (epochs >= JUDGED_FROM && lap.clearlyBehind()) {
                laps.set(one.lap(), lap.ending(BEHIND));
            } else if (place >= places) {
                laps.set(one.lap(), lap.ending(HALVED));
            } else {
                kept.add(one.strategy());
            }
        }
        return kept;
    }

    /** The most accurate lap wins; of equals the earlier, which is the cheaper. */
    private Result result() {
        Lap best = laps.get(0);
        for (Lap lap : laps) {
            best = lap.accuracy() > best.accuracy() ? lap : best;
        }
        Lap winner = best;
        for (int i = 0; i < laps.size(); i++) {
            Lap lap = laps.get(i);
            boolean last = laps.subList(i + 1, laps.size()).stream()
                    .noneMatch(later -> later.contender().equals(lap.contender()));
            if (last && lap.ending().isEmpty()) {
                laps.set(i, lap.ending(lap.equals(winner) ? "won" : "less accurate than the winner"));
            }
        }
        return new Result(Strategy.named(winner.contender()), winner.epochs(), List.copyOf(laps));
    }

    private void add(Lap lap) {
        laps.add(lap);
        listener.stage("race: " + lap.sentence());
    }

    private static double accuracy(Predictions said) {
        int right = 0;
        for (int row = 0; row < said.rows(); row++) {
            right += said.predicted(row) == said.expected()[row] ? 1 : 0;
        }
        return (double) right / said.rows();
    }
}
