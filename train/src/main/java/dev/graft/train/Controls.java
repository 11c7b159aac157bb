package dev.graft.train;

import dev.graft.GateException;
import dev.graft.eval.Control;
import dev.graft.eval.Control.Question;
import dev.graft.eval.Scorable;
import dev.graft.graph.Graph;
import dev.graft.rewrite.LayerFeatures;
import dev.graft.tensor.Array;
import dev.graft.torch.TorchSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cheap ways to the same answers: a bag of words, a head on features that nothing was learned for, and a head on the
 * frozen trunk.
 */
record Controls(TorchSettings settings, long seed) {
    private static final String RANDOM = "random features + head";
    private static final String FROZEN = "frozen trunk + head";
    private static final int WIDTH = 384;
    private static final int BATCH = 256;
    /** One strength suffices: random features are spread alike whatever the texts are. */
    private static final Probe OF_RANDOM = new Probe(List.of(0.03), 2, 1);

    /** What a head on random features says of the test rows. */
    Scorable random(Parts parts, KeptResults kept) {
        HeadGoal goal = parts.rows().goal();
        String learned = parts.rows().digestOfTokens();
        return parts.said(rows -> kept.answers(
                KeptResults.key(RANDOM, WIDTH, OF_RANDOM, seed, settings.threads(), learned, rows.digestOfTokens()),
                rows.size(),
                () -> goal.answers(ofRandom(parts.rows(), goal).logits(new RandomFeatures(WIDTH, seed).of(rows)))));
    }

    private LinearProbe.Solution ofRandom(TextRows rows, HeadGoal goal) {
        Array features = new RandomFeatures(WIDTH, seed).of(rows);
        return new LinearProbe(OF_RANDOM, settings, features, goal)
                .fit(OF_RANDOM.strengths().get(0));
    }

    /**
     * What a head on the frozen trunk says of the test rows.
     *
     * @param stages of the trunk with a head on features of length 1
     */
    Scorable frozen(Stages stages, Graph graph, Parts parts) {
        HeadProbe.Solved solved = new HeadProbe(Probe.UNIT, settings, graph, seed)
                .solve(stages, parts.rows(), parts.rows().goal(), parts.names());
        Stage stage = stages.of(solved.weights().keySet(), solved.weights());
        stage.load(solved.weights());
        return parts.said(rows -> Logits.of(stage.network(), stage.view().apply(rows), BATCH));
    }

    /** The trunk with a head as {@link #frozen} reads it. */
    static Graph trunk(Graph headed) {
        return new LayerFeatures().apply(headed);
    }

    /**
     * The tuned model beside each control.
     *
     * @param cheap by name, as {@link #named} puts them together
     */
    List<Control> beside(Scorable tuned, Map<String, ? extends Scorable> cheap) {
        List<Control> controls = new ArrayList<>();
        cheap.forEach((name, predictions) -> {
            Question question = name.equals(FROZEN) ? Question.FINE_TUNING : Question.TRANSFER;
            controls.add(Control.of(name, question, tuned, predictions, seed));
        });
        return controls;
    }

    /** The bag of words, which is the last of the baselines, and a head on random features, by name. */
    static Map<String, Scorable> named(Map<String, ? extends Scorable> baselines, Scorable random) {
        Map<String, Scorable> cheap = new LinkedHashMap<>();
        baselines.forEach((name, said) -> {
            cheap.clear();
            cheap.put(name, said);
        });
        cheap.put(RANDOM, random);
        return cheap;
    }

    /** These and a head on the frozen trunk, by name. */
    static Map<String, Scorable> withFrozen(Map<String, ? extends Scorable> cheap, Scorable frozen) {
        Map<String, Scorable> all = new LinkedHashMap<>(cheap);
        all.put(FROZEN, frozen);
        return all;
    }

    /** Why a model is refused that is worse than a control by more than the noise: which, by how much, what to do. */
    static GateException refusal(List<Control> controls) {
        List<Control> won = controls.stream().filter(Control::refuses).toList();
        StringBuilder message = new StringBuilder("The model is not written, for a cheaper way is better:");
        won.forEach(control -> message.append("\n  ").append(control.sentence()));
        boolean trunkWon = won.stream().anyMatch(control -> control.question() == Question.FINE_TUNING);
        boolean wordsWon = won.stream().anyMatch(control -> control.question() == Question.TRANSFER);
        message.append("\nTo go on: ");
        message.append(trunkWon ? "train with --strategy head; " : "");
        message.append(wordsWon ? "give more rows, take another --model, or use the simpler classifier; " : "");
        return new GateException(message.append("or give --allow-negative-transfer to have it written all the same")
                .toString());
    }

    /** Arrays [rows, width] one below the other. */
    static Array stacked(Array above, Array below) {
        java.nio.ByteBuffer bytes = Array.allocate(4L * (above.elements() + below.elements()));
        bytes.put(above.bytes()).put(below.bytes()).flip();
        return Array.of(above.type(), new long[] {above.size(0) + below.size(0), above.size(1)}, bytes);
    }
}
