B(encoder.layer.1.attention.LayerNorm.biasJ`@œc¾Ó?º?"=Ôü™¿@–w?HÐx¿J‚š=+n>LÙ>A‚¾¾Ðs½€«¬½Lœ=¥žˆ¾éH?È¸Ú>îZY¿bM™>
Q¿ù‘¿ÑP?@²?öu'¿ªS„¾