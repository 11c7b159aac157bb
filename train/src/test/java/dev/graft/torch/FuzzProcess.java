package dev.graft.torch;

import com.sun.management.OperatingSystemMXBean;
import dev.graft.GraftException;
import dev.graft.graph.GraphException;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.Rewrite;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The process that binds and runs mutants, one line before each and one after it, so that whoever watches it knows which
 * one ended it: {@code FuzzProcess FIRST_SEED COUNT}.
 */
final class FuzzProcess {
    /** What no user can read. */
    private static final Pattern UNREADABLE = Pattern.compile(
            "c10::|at::|\\.cpp|\\.h:|INTERNAL ASSERT|Exception raised|java\\.|\\bnull\\b|Could this error|schema|\\n",
            Pattern.CASE_INSENSITIVE);

    /** Damaged files hold names of any characters. */
    private static final Pattern NAME = Pattern.compile("'[^']*'", Pattern.DOTALL);

    private static final Pattern ALLOCATION = Pattern.compile("tried to allocate (\\d+) bytes");

    /** What one result may take; less is refused to this process alone, whose memory is bounded. */
    private static final long MOST_BYTES =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / 2;

    private static final long PATIENCE_MILLISECONDS = 3000;

    private static final int LONGEST = 4000;

    /** What Java throws where nobody looked; with ArithmeticException only an overflow is told. */
    private static final Set<Class<?>> CARELESS = Set.of(
            NullPointerException.class,
            IndexOutOfBoundsException.class,
            ArrayIndexOutOfBoundsException.class,
            StringIndexOutOfBoundsException.class,
            NegativeArraySizeException.class,
            ClassCastException.class,
            IllegalStateException.class,
            java.util.NoSuchElementException.class,
            UnsupportedOperationException.class,
            OutOfMemoryError.class);

    private final Torch plain = new Torch(TorchSettings.defaults().withThreads(1), graph -> graph);
    private final Torch fusing;

    private FuzzProcess() {
        Rewrite fusion = Fusion.standard();
        this.fusing = new Torch(TorchSettings.defaults().withThreads(1), fusion);
    }

    public static void main(String[] arguments) {
        long first = Long.parseLong(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        FuzzCorpus corpus = FuzzCorpus.load();
        var process = new FuzzProcess();
        for (long seed = first; seed < first + count; seed++) {
            say("try " + seed);
            say(seed + " " + process.outcome(corpus, seed));
        }
        say("done");
        System.exit(0);
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private String outcome(FuzzCorpus corpus, long seed) {
        String story = "";
        try {
            FuzzCorpus.Mutant mutant = corpus.mutant(seed);
            story = mutant.story();
            runInterrupted(mutant, seed);
            return "ok";
        } catch (GraftException e) {
            String message = String.valueOf(e.getMessage());
            return complaint(message, e.getCause()).isEmpty()
                    ? "refused" + (System.getProperty("fuzz.tell") == null ? "" : " " + story + " => " + message)
                    : "unclear (" + complaint(message, e.getCause()) + ") " + story + " => " + flat(message);
        } catch (Exception | OutOfMemoryError | StackOverflowError e) {
            return "unclear (" + e.getClass().getName() + ") " + story + " => " + flat(String.valueOf(e.getMessage()))
                    + " " + place(e);
        }
    }

    private static String place(Throwable error) {
        return Arrays.stream(error.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("dev.graft"))
                .limit(3)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining(" < "));
    }

    private static String flat(String message) {
        return message.replace('\n', '|').substring(0, Math.min(400, message.length()));
    }

    /** What is wrong with a message; empty where nothing is. */
    private static String complaint(String message, @Nullable Throwable cause) {
        Matcher asked = ALLOCATION.matcher(message);
        if (asked.find() && Long.parseLong(asked.group(1)) > MOST_BYTES) {
            return "memory";
        }
        if (cause != null && CARELESS.contains(cause.getClass())) {
            return cause.getClass().getSimpleName() + " at " + place(cause);
        }
        if (UNREADABLE.matcher(NAME.matcher(message).replaceAll("''")).find()) {
            return "unreadable";
        }
        if (message.length() > LONGEST) {
            return "long";
        }
        boolean ofInput = message.startsWith("Input '")
                || message.startsWith("Output '")
                || message.startsWith("Taking an array");
        return ofInput || message.contains(FuzzCorpus.FILE) ? "" : "no file";
    }

    /** A run that takes long must give way to an interruption. */
    private void runInterrupted(FuzzCorpus.Mutant mutant, long seed) {
        Thread running = Thread.currentThread();
        var alarm = new Timer(true);
        alarm.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        running.interrupt();
                    }
                },
                PATIENCE_MILLISECONDS);
        try {
            run(mutant, seed);
        } finally {
            alarm.cancel();
            Thread.interrupted();
        }
    }

    private void run(FuzzCorpus.Mutant mutant, long seed) {
        try (Network network = (seed % 2 == 0 ? plain : fusing).prepare(mutant.graph())) {
            Map<String, Content> outputs = network.compute(mutant.inputs());
            Map<String, Array> arrays = arrays(mutant.inputs());
            Set<String> real = mutant.graph().weights().entrySet().stream()
                    .filter(weight -> weight.getValue().type().isFloating())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            for (ValueInfo output : mutant.graph().outputs()) {
                if (outputs.get(output.name()) instanceof Content.Single single
                        && single.array().type().isFloating()
                        && arrays.size() == mutant.inputs().size()
                        && !real.isEmpty()
                        && bound(network, real)) {
                    Array value = single.array();
                    Array target = Array.of(
                            value.type(),
                            value.shape(),
                            Array.allocate(value.type().bytes(value.elements())));
                    network.learn(arrays, target, new Loss.MeanSquaredError(output.name()), 1, seed);
                    return;
                }
            }
        }
    }

    private static Map<String, Array> arrays(Map<String, Content> contents) {
        var arrays = new LinkedHashMap<String, Array>();
        contents.forEach((name, content) -> {
            if (content instanceof Content.Single single) {
                arrays.put(name, single.array());
            }
        });
        return arrays;
    }

    private static boolean bound(Network network, Set<String> weights) {
        try {
            network.trainable(weights);
            return true;
        } catch (GraphException e) {
            return false;
        }
    }
}
