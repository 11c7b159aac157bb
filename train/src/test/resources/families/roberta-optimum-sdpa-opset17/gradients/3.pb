Bembeddings.LayerNorm.weightJ`˜Š¾ØSo¾è|à¾¢¿‡¿§5Q>+zž¾w‰>^Ü¾
óp>¼Të>^^ò¾¸EH¾ÿ‚¿*:¸>¿V>ª3Ä>Yt¨¾Jõ]>j#?Æ<&¾3¼¿Ú¿<p?e„(?