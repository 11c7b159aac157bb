package dev.graft.serve;

import com.linecorp.armeria.common.util.TlsEngineType;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerTlsConfig;
import io.netty.handler.ssl.ClientAuth;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What stands before the addresses: TLS, keys, limits of rate; it looks after the files of all of them. */
final class Entrance implements AutoCloseable {
    private static final long LOOK_MS = 500;

    private final Security security;
    private final Optional<Reloaded<ApiKeys>> keys;
    private final Optional<Reloaded<TlsIdentity>> identity;
    private final Optional<ScheduledThreadPoolExecutor> looking;

    /** @throws dev.graft.InputException if a file is refused */
    Entrance(Security security) {
        this.security = security;
        this.keys = security.apiKeyFile()
                .map(file -> new Reloaded<>(
                        List.of(file), new ApiKeyFile(file, security.rateLimit())::read, security.notices()));
        this.identity = security.tls()
                .map(files -> new Reloaded<>(files.all(), () -> TlsIdentity.read(files), security.notices()));
        List<Reloaded<?>> files = Stream.<Optional<? extends Reloaded<?>>>of(keys, identity)
                .<Reloaded<?>>flatMap(Optional::stream)
                .toList();
        this.looking = files.isEmpty() ? Optional.empty() : Optional.of(lookAt(files));
    }

    private static ScheduledThreadPoolExecutor lookAt(List<Reloaded<?>> files) {
        var executor = new ScheduledThreadPoolExecutor(1, task -> {
            var thread = new Thread(task, "graft-files");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleWithFixedDelay(() -> files.forEach(Reloaded::look), LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
        return executor;
    }

    /** Has a server listen on an address, behind this entrance. */
    void addTo(ServerBuilder builder, InetSocketAddress address, Meters meters) {
        builder.maxNumConnections(security.maxConnections());
        if (identity.isPresent()) {
            ClientAuth auth =
                    security.tls().flatMap(TlsFiles::clientCa).isPresent() ? ClientAuth.REQUIRE : ClientAuth.NONE;
            builder.https(address)
                    .tlsEngineType(TlsEngineType.JDK)
                    .tlsProvider(
                            TlsIdentity.provider(identity.get()),
                            ServerTlsConfig.builder().clientAuth(auth).build());
        } else {
            builder.http(address);
        }
        if (keys.isPresent() || security.rateLimit() > 0) {
            Optional<AddressLimits> addresses =
                    keys.isPresent() ? Optional.empty() : Optional.of(new AddressLimits(security.rateLimit()));
            builder.decorator(new Gate(keys, addresses, security.openMetrics(), meters));
        }
    }

    /** Looks at the files no longer. */
    @Override
    public void close() {
        looking.ifPresent(ScheduledThreadPoolExecutor::shutdownNow);
    }
}
