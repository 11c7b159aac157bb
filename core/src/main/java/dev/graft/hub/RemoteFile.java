package dev.graft.hub;

import java.net.URI;

/**
 * A file that an endpoint offers.
 *
 * @param path within the repository
 * @param commit the repository's version, 40 hexadecimal digits
 * @param etag SHA-256 of the content for large files, Git's SHA-1 for small ones
 * @param size in bytes
 * @param location where the content is
 */
record RemoteFile(String path, String commit, String etag, long size, URI location) {}
