# SPDX-License-Identifier: Apache-2.0
# fails: pgratchet_add_migrations\(shop\): DIRECTORY is missing
pgratchet_add_migrations(shop)
