package dev.graft.serve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A bucket for each address that asks; for version 6 of the protocol, for each network of 64 bits. */
final class AddressLimits {
    private static final int MOST = 100_000;

    private final double rate;
    private final Cache<Long, TokenBucket> buckets;

    AddressLimits(double rate) {
        this.rate = rate;
        Duration untilFull = Duration.ofSeconds((long) Math.ceil(1 + 1 / rate));
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(untilFull)
                .build();
    }

    /** The bucket of an address, full if it has not asked lately. */
    TokenBucket of(InetAddress address) {
        return buckets.get(network(address.getAddress()), network -> new TokenBucket(rate, System.nanoTime()));
    }

    private static long network(byte[] address) {
        ByteBuffer bytes = ByteBuffer.wrap(address);
        return address.length < Long.BYTES ? bytes.getInt() : bytes.getLong();
    }
}
