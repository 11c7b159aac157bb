package dev.graft.predict;

import dev.graft.data.Encoding;

/**
 * A text to compute, and for whom.
 *
 * @param tenant {@link Tenant#NONE} where the model has no tenants
 */
record Row(Encoding encoding, Tenant tenant) {
    static Row of(Encoding encoding) {
        return new Row(encoding, Tenant.NONE);
    }

    int length() {
        return encoding.length();
    }
}
