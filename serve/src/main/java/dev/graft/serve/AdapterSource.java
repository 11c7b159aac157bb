package dev.graft.serve;

import dev.graft.GraftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A tenant's adapter on disk.
 *
 * @param identity the digest of the file
 */
record AdapterSource(String name, Path file, String identity, Tenants tenants) implements Source {
    static final int VERSION_DIGITS = 12;

    @Override
    public String version() {
        return identity.substring(0, VERSION_DIGITS);
    }

    @Override
    public long leastBytes() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new GraftException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public boolean measured() {
        return false;
    }

    @Override
    public ServedModel open(boolean everything) {
        return tenants.open(name, file, version());
    }
}
