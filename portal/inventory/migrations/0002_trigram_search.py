from django.db import migrations

from portal.inventory.trigrams import trigram_indexes


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]

    operations = [
        trigram_indexes(
            {"activity_search_trigram": "inventory_activity", "account_search_trigram": "inventory_account"}
        )
    ]
