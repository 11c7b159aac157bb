package dev.graft.serve;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import dev.graft.GraftException;
import dev.graft.watch.Watch;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * Serves bundles over HTTP and gRPC on one port, in the protocols of text-embeddings-inference and of the Open Inference
 * Protocol, version 2.
 */
public final class InferenceServer implements AutoCloseable {
    private static final Duration READING_AND_ANSWERING = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofSeconds(60);

    /** How long a connection of HTTP/2 that goes away still takes what was sent before its client knew. */
    private static final Duration GOING_AWAY = Duration.ofMillis(100);

    private final Server server;
    private final Addresses addresses;
    private final Opened opened;

    private InferenceServer(Server server, Addresses addresses, Opened opened) {
        this.server = server;
        this.addresses = addresses;
        this.opened = opened;
    }

    /**
     * Loads bundles, replays their parity examples, warms them up, and only then listens.
     *
     * @param bundles folders by the names under which they are served; the first answers where no model is named
     * @throws dev.graft.InputException if a folder is no bundle, or does not compute what training computed, or if a file
     *     of keys or certificates is refused
     * @throws GraftException if the address cannot be listened on
     */
    public static InferenceServer start(Map<String, Path> bundles, ServeSettings settings) {
        return start(
                bundles.entrySet().stream()
                        .map(bundle -> new Offer(bundle.getKey(), bundle.getValue()))
                        .toList(),
                settings);
    }

    /**
     * As the other, with several versions of a model side by side.
     *
     * @param offers the first answers where no model is named
     */
    public static InferenceServer start(List<Offer> offers, ServeSettings settings) {
        return start(offers, settings, says -> {});
    }

    /**
     * As the other.
     *
     * @param says hears, in the server's threads, what a person should know and no caller is told
     * @throws dev.graft.InputException if the log cannot be opened
     */
    public static InferenceServer start(List<Offer> offers, ServeSettings settings, Consumer<String> says) {
        var opened = new Opened();
        try {
            return start(offers, settings, says, opened);
        } catch (CompletionException e) {
            opened.close();
            throw new GraftException(
                    "The server cannot listen on " + settings.host() + ":" + settings.port() + ": "
                            + String.valueOf(e.getCause()),
                    e);
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    private static InferenceServer start(
            List<Offer> offers, ServeSettings settings, Consumer<String> says, Opened opened) {
        Watch watch = Watch.start(settings.watching(), says);
        opened.add(watch::close);
        var entrance = new Entrance(settings.security());
        opened.add(entrance::close);
        ExecutorService workers = Workers.of(settings.tokenizationWorkers());
        opened.add(workers::shutdown);
        var meters = new Meters(watch);
        var models = new Models(offers, settings, meters, workers);
        opened.add(models::close);
        var jobs = new Jobs(settings, models);
        opened.add(jobs::close);
        var addresses = new Addresses();
        ServerBuilder builder = builder(settings, addresses);
        EventLoops loops = EventLoops.open();
        opened.add(loops::close);
        loops.addTo(builder);
        var draining = new Draining(settings.drainTime());
        draining.addTo(builder);
        entrance.addTo(builder, new InetSocketAddress(settings.host(), settings.port()), meters);
        new Routes(builder, addresses, models, jobs, settings, meters, watch, workers).add();
        Server server = builder.build();
        models.openAll();
        System.gc(); // model files stay mapped until what mapped them is collected
        opened.add(() -> server.stop().join());
        server.start().join();
        opened.add(draining::await);
        opened.add(jobs::stop);
        jobs.begin();
        return new InferenceServer(server, addresses, opened);
    }

    private static ServerBuilder builder(ServeSettings settings, Addresses addresses) {
        ServerBuilder builder = Server.builder()
                .errorHandler(new ErrorPages(addresses))
                .maxRequestLength(settings.payloadLimit())
                .requestTimeout(READING_AND_ANSWERING)
                .idleTimeout(IDLE)
                .connectionDrainDuration(GOING_AWAY)
                .disableServerHeader()
                .disableDateHeader();
        new Wire(settings).addTo(builder);
        return builder;
    }

    /** What is offered at each address. */
    Map<String, Set<HttpMethod>> addresses() {
        return addresses.all();
    }

    /** The port that is listened on. */
    public int port() {
        return server.activeLocalPort();
    }

    /** Listens no longer, answers what is under way within the drain time, and frees the models. */
    @Override
    public void close() {
        opened.close();
    }
}
